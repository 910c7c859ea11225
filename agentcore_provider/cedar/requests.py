"""Actions of targets that pass requests on, those of HTTP and inference: `TARGET___METHOD:/path`.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/policy-scope.html
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection

FAMILIES = ("http", "inference")
"""The members of targetConfiguration whose targets have such actions."""
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_PARTS = re.compile(r"(?P<method>[A-Za-z]+)\s*(?::|(?=/)|\s)\s*(?P<path>/?\S*)")


def is_action(action: str, targets: Collection[str]) -> bool:
    """Whether the action is a request of one of the targets, or a whole target of them."""
    target, separator, request = action.partition("___")
    method, colon, path = request.partition(":")
    fits = not separator or (method in _METHODS and bool(colon) and path.startswith("/"))
    return target in targets and fits


def meant(action: str, targets: Collection[str]) -> str:
    """The action that a misspelt one may mean; empty if none is near."""
    target, separator, request = action.partition("___")
    found = difflib.get_close_matches(target, [*targets], n=1)
    parts = _PARTS.fullmatch(request)
    if not found or not separator or parts is None:
        return ""
    methods = difflib.get_close_matches(parts["method"].upper(), _METHODS, n=1)
    return f"{found[0]}___{methods[0]}:/{parts['path'].removeprefix('/')}" if methods else ""
