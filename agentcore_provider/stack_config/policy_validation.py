"""What AWS would reject in the policies of a stack file. What fits the tools is validated when they are declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from agentcore_provider.arguments import policy as documents
from agentcore_provider.arguments import table
from agentcore_provider.arguments.members import property_name
from agentcore_provider.documents import files
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import errors
from agentcore_provider.resources.policy import FORMS, SOME_ARN, Policy
from agentcore_provider.rules import policy as rules
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.stack_config.places import PlacedProblem, placed


def problems(
    gateway: Mapping[str, object], document: Mapping[str, object] | None, folder: Path
) -> Iterator[PlacedProblem]:
    """Everything about the policies of a gateway that AWS would reject.

    document: its CreateGateway input. folder: what relative paths begin at.
    """
    described = gateway.get("policies")
    if "policy_mode" in gateway and not described and "policy_engine_configuration" not in gateway:
        yield PlacedProblem(("policy_mode",), "has no effect without policies", "add policies, or remove it")
    if described and "policy_engine_configuration" in gateway:
        yield PlacedProblem(("policies",), "go to an engine of their own", "remove policy_engine_configuration")
    authorizer = (document or {}).get("authorizerType")
    for name, policy in described.items() if isinstance(described, Mapping) else ():
        if isinstance(policy, Mapping):
            yield from (it.below(("policies", name)) for it in _problems(policy, authorizer, folder))


def _problems(policy: Mapping[str, object], authorizer: object, folder: Path) -> Iterator[PlacedProblem]:
    passed = [it for it in FORMS if it in policy]
    if len(passed) != 1:
        found = f"has {' and '.join(passed)}" if passed else "has no statement"
        yield PlacedProblem((), found, f"give it one of {', '.join(FORMS)}")
        return
    (form,) = passed
    for word in ("when", "unless"):
        if word in policy and form not in documents.EFFECTS:
            yield PlacedProblem((word,), f"cannot be combined with {form}", "write the condition into the statement")
            return
    known = (*table.arguments(Policy), "more")
    arguments = {key: value for key, value in policy.items() if key in known}
    try:
        text = _text(policy, form, authorizer, folder)
    except InvalidInput as error:
        yield from placed(error, (form,))
        return
    if text is UNKNOWN:
        arguments["definition"] = UNKNOWN
    elif isinstance(text, str):
        arguments["definition"] = rules.definition(documents.of_gateway(text, SOME_ARN))
    for problem in errors(rules.validate(documents.document(arguments))):
        top, _, rest = problem.path.partition(".")
        place = (form,) if top == "definition" and form != "definition" else (property_name(top), *filter(None, [rest]))
        yield PlacedProblem(place, problem.message, problem.cure, problem.source, problem.code)


def _text(policy: Mapping[str, object], form: str, authorizer: object, folder: Path) -> object:
    """The statement, with a slot for the gateway; UNKNOWN if it has a problem already; None for AWS's document."""
    value = policy[form]
    if form in ("definition", "statement"):
        return value if form == "statement" else None
    if form == "file":
        return files.text(folder / value) if isinstance(value, str) else UNKNOWN
    tools = [value] if isinstance(value, str) else value
    when, unless = policy.get("when"), policy.get("unless")
    if not isinstance(tools, list) or UNKNOWN in (*tools, when, unless):
        return UNKNOWN
    conditions = {word: str(it) for word, it in (("when", when), ("unless", unless)) if it is not None}
    return documents.statement(form, [str(it) for it in tools], authorizer_type=authorizer, **conditions)
