"""What AWS would reject in the resource policy of a stack file's gateway."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agentcore_provider.arguments import resource_policy as documents
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import errors
from agentcore_provider.rules import resource_policy as rules
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.stack_config.places import Place, PlacedProblem, walked

_FORMS = ("policy", "allow", "only_from")


def problems(gateway: Mapping[str, object], document: Mapping[str, object] | None) -> Iterator[PlacedProblem]:
    """Everything about the resource policy of a gateway that AWS would reject. document: its CreateGateway input."""
    described = gateway.get("resource_policy")
    if not isinstance(described, Mapping):
        return
    passed = {name: described[name] for name in _FORMS if name in described}
    if not passed:
        yield PlacedProblem((), "has none of policy, allow and only_from", "add one of them")
        return
    short = "policy" not in passed
    if not short and len(passed) > 1:
        yield PlacedProblem((), f"has {' and '.join(passed)}", "keep policy alone, or remove it")
        return
    if short and any(value is UNKNOWN for _, value in walked(passed)):
        return
    authorizer = (document or {}).get("authorizerType")
    try:
        built = documents.document({**passed, "authorizer": authorizer})
    except InvalidInput as error:
        for it in error.with_places():
            name, _, index = it.path.removesuffix("]").partition("[")
            where: Place = (name, *([int(index)] if index else []))
            yield PlacedProblem(where, it.message, it.cure, it.source, it.code)
        return
    for problem in errors(rules.validate(built, authorizer=authorizer)):
        place = next(iter(passed)) if short else problem.path
        yield PlacedProblem((place,), problem.message, problem.cure, problem.source, problem.code)
