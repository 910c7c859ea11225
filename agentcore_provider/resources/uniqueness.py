"""What only one resource of a program may have in its scope, such as a name in an account and Region.

AWS refuses the second one in the middle of a deployment, or lets it replace the first: the preview reports it.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.declaration import Problems

_holders: WeakKeyDictionary[object, dict[object, str]] = WeakKeyDictionary()
"""By the engine's connection, which each run of a program has of its own: the resource that has a value."""


def claim(kind: type[object], resource_name: str, *, scope: object, path: str, value: object) -> str | None:
    """The resource that has the value already, such as `GatewayRule "one"`; None where this one is the first.

    kind: the class of the resource. scope: where no other of the class may have it; None if it is not known. path: of the
    argument. value: what is not known before the deployment is not compared.
    """
    run = pulumi.runtime.settings.get_monitor()
    if run is None or scope is None or not isinstance(value, (str, int, frozenset)):
        return None
    holders, key = _holders.setdefault(run, {}), (kind, scope, path, value)
    try:
        other = holders.get(key)
    except TypeError:
        # A list or mapping where a text belongs, which is reported with the other arguments.
        return None
    holders.setdefault(key, f'{kind.__name__} "{resource_name}"')
    return other


def require_own(
    kind: type[object],
    resource_name: str,
    problems: Problems,
    *,
    scope: object,
    path: str,
    value: object,
    source: str = "",
) -> None:
    """Add a problem if another resource has the value already. kind, resource_name, scope, path, value: as of `claim`."""
    if other := claim(kind, resource_name, scope=scope, path=path, value=value):
        text = f'"{value}"' if isinstance(value, str) else value
        cure = f"Give this one a {path} of its own"
        problems.add(InvalidInput(f"{other} has the {path} {text} already", cure, path=path, source=source))
