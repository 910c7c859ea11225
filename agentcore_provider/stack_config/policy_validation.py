"""What AWS would reject in the policies of a stack file, and what does not fit the tools of their gateway."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from agentcore_provider.arguments import policy as documents
from agentcore_provider.arguments import table
from agentcore_provider.arguments.members import property_name
from agentcore_provider.cedar import schema as schemas
from agentcore_provider.cedar import validation
from agentcore_provider.cedar.schema import CedarSchema
from agentcore_provider.documents import cedar_policy, files
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem, errors
from agentcore_provider.resources.policy import FORMS, SOME_ARN, Policy
from agentcore_provider.rules import policy as rules
from agentcore_provider.rules import policy_engine as engine_rules
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.stack_config import beside
from agentcore_provider.stack_config.places import PlacedProblem, placed


def problems(
    gateway: Mapping[str, object],
    document: Mapping[str, object] | None,
    folder: Path,
    configurations: Mapping[str, object],
) -> Iterator[PlacedProblem]:
    """Everything about the policies of a gateway that AWS would reject.

    document: its CreateGateway input. folder: what relative paths begin at. configurations: targetConfiguration of each of
    its targets, UNKNOWN as far as it is not known.
    """
    described = gateway.get("policies")
    if "policy_mode" in gateway and described is None and "policy_engine_configuration" not in gateway:
        yield PlacedProblem(("policy_mode",), "has no effect without policies", "add policies, or remove it")
    engine_described = gateway.get("policy_engine")
    if engine_described is not None and described is None:
        yield PlacedProblem(
            ("policy_engine",), "is made for policies, and there are none", "add policies, or remove it"
        )
    if isinstance(engine_described, Mapping):
        for problem in errors(engine_rules.validate(beside.aws_document(engine_described))):
            yield beside.placed_problem(problem).below(("policy_engine",))
    if described is not None and "policy_engine_configuration" in gateway:
        yield PlacedProblem(("policies",), "go to an engine of their own", "remove policy_engine_configuration")
    if not isinstance(described, Mapping) or not described:
        return
    engine = _Engine((document or {}).get("authorizerType"), *schemas.of_configurations(configurations.items()))
    for name, policy in described.items():
        if isinstance(policy, Mapping):
            yield from (it.below(("policies", name)) for it in _problems(policy, engine, folder))


@dataclass
class _Engine:
    """What the policies of a gateway are validated against.

    authorizer: the gateway's authorizerType. elsewhere: targets whose tools are not known. forbids: whether a policy
    before forbids something.
    """

    authorizer: object
    schema: CedarSchema
    elsewhere: list[str]
    forbids: bool = False

    def problems(self, statement: str, *, ignores: bool) -> Iterator[Problem]:
        """What does not fit the tools of a statement that AWS's own rules accept. ignores: AWS's findings are."""
        (policy,) = cedar_policy.read(statement)
        if not ignores and not self.forbids:
            yield from rules.findings(policy)
        self.forbids = self.forbids or policy.effect == "forbid"
        authorizers = [] if self.authorizer is UNKNOWN else [self.authorizer]
        yield from validation.validate(statement, self.schema, elsewhere=self.elsewhere, authorizers=authorizers)


def _problems(policy: Mapping[str, object], engine: _Engine, folder: Path) -> Iterator[PlacedProblem]:
    passed = [it for it in FORMS if it in policy]
    if len(passed) != 1:
        message = f"has {' and '.join(passed)}" if passed else "has no statement"
        yield PlacedProblem((), message, f"give it one of {', '.join(FORMS)}")
        return
    (form,) = passed
    for word in documents.CONDITIONS:
        if word in policy and form not in documents.EFFECTS:
            yield PlacedProblem((word,), f"cannot be combined with {form}", "write the condition into the statement")
            return
    known = (*table.arguments(Policy), "more")
    arguments = {key: value for key, value in policy.items() if key in known}
    try:
        text = _text(policy, form, engine.authorizer, folder)
    except InvalidInput as error:
        yield from placed(error, (form,))
        return
    if text is UNKNOWN:
        arguments["definition"] = UNKNOWN
    statement = documents.of_gateway(text, SOME_ARN) if isinstance(text, str) else None
    if statement is not None:
        arguments["definition"] = rules.definition(statement)
    found = errors(rules.validate(documents.document(arguments)))
    for problem in found:
        if problem.path.startswith("definition") and form != "definition":
            yield _placed(replace(problem, path=""), form, policy)
        else:
            top, _, rest = problem.path.partition(".")
            place = (property_name(top), *filter(None, [rest]))
            yield PlacedProblem(place, problem.message, problem.cure, problem.source, problem.code)
    statements = {form: statement} if statement is not None else rules.statements(arguments.get("definition"))
    if statements and not any(it.path.startswith("definition") for it in found):
        unconditional = form in documents.EFFECTS and not any(it in policy for it in documents.CONDITIONS)
        mode = policy.get("validation_mode", "IGNORE_ALL_FINDINGS" if unconditional else None)
        ignores = mode is UNKNOWN or mode == "IGNORE_ALL_FINDINGS"
        for path, text in statements.items():
            for problem in errors(engine.problems(text, ignores=ignores)):
                yield _placed(problem, path, policy)


def _placed(problem: Problem, form: str, policy: Mapping[str, object]) -> PlacedProblem:
    """The problem of a statement. form: the key that the statement comes from."""
    it = documents.placed(problem, form, policy)
    return PlacedProblem((it.path,), it.message, it.cure, it.source, it.code)


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
