"""What every record of a target has: the codes of rules that it does without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

import pulumi


@dataclass(frozen=True)
class Accepting:
    """A target that may do without some rules."""

    _: KW_ONLY
    accept: Sequence[str] = ()
    """Codes of rules whose errors are to be warnings, such as composed-input: a preview ends its lines with them. See
    docs/targets/accept.md. Changing it updates nothing."""


def accepted(target: Any, given: Any) -> Any:
    """The codes that are accepted for a target, by its record and its resource.

    What is no list of codes comes back as it is, so that check can say what is wrong with it.
    """
    own = getattr(target, "accept", ()) if not isinstance(target, (Mapping, pulumi.Output, type)) else ()
    listed = [it for it in (own, given) if it is not None]
    wrong = [it for it in listed if not isinstance(it, (list, tuple))]
    return wrong[0] if wrong else [*dict.fromkeys(code for codes in listed for code in codes)]
