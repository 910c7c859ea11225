"""What Cognito would reject in the sign-in of a stack file's gateway."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agentcore_provider.arguments import members
from agentcore_provider.problem import errors
from agentcore_provider.resources import people
from agentcore_provider.rules import ez_auth as rules
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.stack_config.places import PlacedProblem


def problems(gateway: Mapping[str, object]) -> Iterator[PlacedProblem]:
    """Everything about the sign-in of a gateway that Cognito would reject."""
    authorizer = gateway.get("authorizer")
    described = authorizer.get("ez_auth") if isinstance(authorizer, Mapping) else None
    if not isinstance(described, Mapping):
        return
    written = described.get("people")
    arguments = {**described, "people": written if written is UNKNOWN else people.arguments(written)}
    document = members.document({name: it for name, it in arguments.items() if it is not None})
    for problem in errors(rules.validate(document)):
        place = ("authorizer", "ez_auth", members.with_property(problem).path)
        yield PlacedProblem(place, problem.message, problem.cure, problem.source, problem.code)
