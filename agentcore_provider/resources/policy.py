"""Policy: a statement in Cedar about who may call which tool."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pulumi

from agentcore_provider.arguments import policy as arguments
from agentcore_provider.cedar import validation
from agentcore_provider.documents import cedar_policy, files
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.providers.policy import Provider
from agentcore_provider.resources import aws_access
from agentcore_provider.resources.aws_access import AnyRole
from agentcore_provider.resources.declaration import Problems
from agentcore_provider.resources.dynamic_resource import DynamicResource
from agentcore_provider.resources.gateway import Gateway
from agentcore_provider.resources.policy_engine import PolicyEngine
from agentcore_provider.resources.target_arguments import type_of
from agentcore_provider.resources.targets.target import holds_output
from agentcore_provider.rules import policy as rules

FORMS = (*arguments.EFFECTS, "statement", "file", "definition")
"""The arguments that a statement can come in."""
# What a statement names while the gateway's own ARN is not known.
SOME_ARN = "arn:aws:bedrock-agentcore:us-east-1:000000000000:gateway/not-created-yet-0000000000"


class Policy(DynamicResource, module="agentcore", name="Policy"):
    """A policy of a policy engine: it permits or forbids calls of tools. What no policy permits is denied.

    It names its gateway as `?resource`, and its tools as `TARGET___TOOL`. The preview validates it against the tools of
    the engine's gateways, so declare it after their targets. Its id is its ARN.

    Example:
        ```python
        Policy("lookups", engine=engine, permit=["orders___get_order"])
        Policy("refunds", engine=engine, file="policies/refunds.cedar")
        ```

    https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreatePolicy.html
    """

    policy_id: pulumi.Output[str]
    """Id of the policy: its name and ten characters. Known once it is created."""
    policy_arn: pulumi.Output[str]
    """ARN of the policy. Known once it is created."""
    policy_engine_id: pulumi.Output[str]
    """Id of the policy engine. Known at preview if the engine exists."""
    name: pulumi.Output[str]
    """Name in AWS, also where it is generated. Known at preview."""
    definition: pulumi.Output[dict[str, Any]]
    """AWS's document of the statement, with the gateway's ARN. Known at preview if the gateway exists."""
    description: pulumi.Output[str | None]
    """The argument, or what a refresh found in AWS. Known at preview."""
    enforcement_mode: pulumi.Output[str | None]
    """ACTIVE, or LOG_ONLY for a policy that is only tried. Known at preview where it is set."""
    status: pulumi.Output[str]
    """ACTIVE after a successful `pulumi up`; later what the last refresh found. Known once it is created."""
    status_reasons: pulumi.Output[list[str] | None]
    """The service's reasons for the status; None where it states none. Known once it is created."""
    created_at: pulumi.Output[str]
    """Time of creation in ISO 8601. Known once it is created."""
    updated_at: pulumi.Output[str]
    """Time of the last change in ISO 8601. Known once it is created."""

    aws_name = "Policy"
    _required = MappingProxyType({"policy_engine_id": "", "definition": {}})

    def __init__(
        self,
        resource_name: str,
        *,
        engine: PolicyEngine | None = None,
        policy_engine_id: pulumi.Input[str] | None = None,
        gateway: Gateway | None = None,
        permit: str | Sequence[str] | None = None,
        forbid: str | Sequence[str] | None = None,
        when: str | None = None,
        unless: str | None = None,
        statement: pulumi.Input[str] | None = None,
        file: str | Path | None = None,
        definition: pulumi.Input[Mapping[str, object]] | None = None,
        validation_mode: pulumi.Input[str] | None = None,
        enforcement_mode: pulumi.Input[str] | None = None,
        name: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        more: Mapping[str, object] | None = None,
        adopt: bool | None = None,
        region: pulumi.Input[str] | None = None,
        profile: pulumi.Input[str] | None = None,
        assume_role: AnyRole | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        Args:
            resource_name: Logical name.
            engine: The policy engine. Changing it replaces.
            policy_engine_id: Id of an engine that this program does not declare, instead of `engine`. Changing it
                replaces.
            gateway: The gateway that `?resource` in the statement means. Default: the only one that has the engine.
                Updates in place.
            permit: Tools that may be called, as TARGET___TOOL, or TARGET for all of its tools: one, or a list. Updates in place.
            forbid: Tools that may not be called, whatever permits it; instead of permit. Updates in place.
            when: With permit or forbid, a condition in Cedar, such as context.input.amount < 500. Updates in place.
            unless: With permit or forbid, a condition in Cedar under which the policy does not apply. Updates in place.
            statement: One policy in Cedar, 35 to 10000 characters, instead of permit and forbid. Updates in place.
            file: Path of a file with the statement, instead of it. Updates in place.
            definition: AWS's own form of the statement, such as {"policyGeneration": ...}. Updates in place.
            validation_mode: FAIL_ON_ANY_FINDINGS, or IGNORE_ALL_FINDINGS to create a policy that AWS's analysis finds too
                permissive, too restrictive or without effect. Default: the latter for permit or forbid without a
                condition, which AWS always finds fault with, else the former. Updates in place.
            enforcement_mode: LOG_ONLY to log what the policy would decide. Default: ACTIVE. Updates in place.
            name: Name in AWS: a letter, then letters, digits and underscores, 48 at most, unique in the account.
                Default: the logical name and a short hash. Changing it replaces.
            description: What the policy is for, 1 to 4096 characters. Updates in place.
            more: Members of the API that have no argument here yet, in snake_case. Updates in place.
            adopt: Take over a policy of this `name` that something else made. Default: the stack's agentcore:adopt.
            region: AWS Region. Default: that of the engine, of the parent, of an aws.Provider in `opts`, or of the stack. Changing it
                replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.

        Raises:
            InvalidInput: Arguments contradict each other. All other problems are reported at preview.
        """
        label = f'Policy "{resource_name}"'
        _require_type("engine", engine, PolicyEngine, label)
        _require_type("gateway", gateway, Gateway, label)
        if (engine is None) == (policy_engine_id is None):
            cure = "Give either engine= or policy_engine_id="
            raise InvalidInput("needs exactly one of engine and policy_engine_id", cure, label=label)
        forms = dict(zip(FORMS, (permit, forbid, statement, file, definition), strict=True))
        form = _one_of(forms, label)
        beside = [word for word, it in (("when", when), ("unless", unless)) if it is not None]
        if beside and form not in arguments.EFFECTS:
            cure = "Write the condition into the statement, or use permit or forbid"
            raise InvalidInput(f"{beside[0]} cannot be combined with {form}", cure, label=label)
        access = aws_access.find(
            Policy,
            resource_name,
            opts,
            region=region,
            profile=profile,
            assume_role=assume_role,
            # It has to be where its engine is.
            inherited=engine.aws_access if engine else None,
        )
        opts = access.own(opts)
        problems = Problems()
        only_read = opts is not None and opts.id is not None
        gateways = engine.gateways if engine else []
        if gateway is None and len(gateways) == 1:
            gateway = gateways[0]
        elif gateway is not None and engine is not None and gateway not in gateways:
            problems.add(InvalidInput("does not have this policy engine", "Give it policy_engine=", path="gateway"))
        text = statement
        if form in arguments.EFFECTS:
            text = _built(form, forms[form], gateway, problems, when=when, unless=unless)
            if validation_mode is None and not beside:
                # What AWS finds, that every call of these tools is allowed or denied, is what was asked for.
                validation_mode = "IGNORE_ALL_FINDINGS"
        elif file is not None:
            text = _of_file(file, problems)
        if not only_read:
            ignores = validation_mode == "IGNORE_ALL_FINDINGS" or isinstance(validation_mode, pulumi.Output)
            place = partial(arguments.placed, passed={**forms, "when": when, "unless": unless})
            label = f"policy {resource_name!r}"
            stated = definition if form == "definition" else text
            _validate(form, stated, engine, gateway, problems, label=label, place=place, ignores=ignores)
            definition = definition if text is None else _definition(text, engine, gateway)
        if engine is not None:
            cure = "Leave region= and provider= out: a policy is where its engine is"
            problems.lines += aws_access.other_region("region", "the policy engine", engine.aws_access, access, cure)
            # AWS validates a policy against the tools that there are.
            depends_on = [*gateways, *engine.targets()]
            opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=depends_on))
        inputs = arguments.properties(
            policy_engine_id=engine.policy_engine_id if engine is not None else policy_engine_id,
            name=name,
            definition=definition,
            description=description,
            validation_mode=validation_mode,
            # Always declared: a policy that somebody else sets to LOG_ONLY would stay so, and decide nothing.
            enforcement_mode="ACTIVE" if enforcement_mode is None else enforcement_mode,
            more=more,
        )
        super().__init__(
            Provider(),
            resource_name,
            inputs,
            opts,
            access=access,
            adopt=adopt,
            problems=problems,
            engine_owner=engine.owner if engine else None,
        )


def _require_type(name: str, value: object, wanted: type[object], label: str) -> None:
    if not isinstance(value, (wanted, type(None))):
        cure = f"Give a {wanted.__name__}" + (" (of an McpGateway its .gateway)" if wanted is Gateway else "")
        raise InvalidInput(f"is {type_of(value)}", cure, path=name, label=label)


def _one_of(forms: Mapping[str, object], label: str) -> str:
    """The form of the statement that is passed. Raises InvalidInput for none or several."""
    passed = [name for name, it in forms.items() if it is not None]
    if len(passed) == 1:
        return passed[0]
    if not passed:
        raise InvalidInput("has no statement", f"Give it one of {', '.join(forms)}", label=label)
    raise InvalidInput(f"has {' and '.join(passed)}", "Keep one of them", label=label)


def _built(
    effect: str, tools: object, gateway: Gateway | None, problems: Problems, *, when: object, unless: object
) -> str | None:
    """The statement for the tools; None if there is none because of a problem."""
    listed = [tools] if isinstance(tools, str) else tools
    if not isinstance(listed, (list, tuple)) or not listed or not all(isinstance(it, str) for it in listed):
        cure = "Give a list of tools as TARGET___TOOL; write statement= for what is not known yet"
        problems.add(InvalidInput(f"is {type_of(tools)}" if listed else "is empty", cure, path=effect))
        return None
    for word, it in (("when", when), ("unless", unless)):
        if it is not None and not isinstance(it, str):
            problems.add(InvalidInput(f"is {type_of(it)}", "Give a condition in Cedar as text", path=word))
            return None
    authorizer = gateway.declared.get("authorizerType") if gateway else None
    conditions = {"when": when, "unless": unless}
    return arguments.statement(effect, listed, authorizer_type=authorizer, **conditions)  # type: ignore[arg-type]


def _of_file(file: str | Path, problems: Problems) -> str | None:
    try:
        return files.text(Path(file))
    except InvalidInput as error:
        problems.add(error)
    except TypeError:
        problems.add(InvalidInput(f"is {type_of(file)}", "Give the path of a file", path="file"))
    return None


def _definition(text: pulumi.Input[str], engine: PolicyEngine | None, gateway: Gateway | None) -> Any:
    """AWS's document of the statement, with the gateway in place of its slot."""
    if gateway is None:
        return (
            text.apply(rules.definition) if isinstance(text, pulumi.Output) else rules.definition(text)  # type: ignore[arg-type]
        )
    arn: pulumi.Output[str] = gateway.gateway_arn
    if engine is not None:
        # The preview of an update knows the gateway's id but not its ARN; it is where the engine is.
        arn = pulumi.Output.all(engine.policy_engine_arn, gateway.gateway_id).apply(
            lambda it: f"{it[0].rpartition(':')[0]}:gateway/{it[1]}"
        )
    return pulumi.Output.all(text, arn).apply(lambda it: rules.definition(arguments.of_gateway(*it)))


def _validate(
    form: str,
    stated: object,
    engine: PolicyEngine | None,
    gateway: Gateway | None,
    problems: Problems,
    *,
    label: str,
    place: Callable[[Problem, str], Problem],
    ignores: bool,
) -> None:
    """Report what AWS would refuse of the statement, or of the one in a definition: now, or when it is known."""

    def found(known: object) -> list[str]:
        if form != "definition":
            return of_statement(form, known) if isinstance(known, str) else []
        return [line for path, it in rules.statements(known).items() for line in of_statement(path, it)]

    def of_statement(path: str, statement: str) -> list[str]:
        lines = []
        for problem in _problems(statement, engine, gateway, ignores=ignores):
            if problem.severity == "error":
                lines.append(str(place(problem, path)))
            elif problem.message != validation.UNTRIED:
                pulumi.log.warn(f"{label}: {place(problem, path)}")
            elif engine is not None and not engine.untried:
                # It is the same of every policy.
                engine.untried = True
                pulumi.log.warn(f"{label}: {problem}")
        return lines

    if _holds_output(stated):
        later = pulumi.Output.from_input(stated)
        problems.lines.append(later.apply(lambda known: "\n".join(found(known))))
    else:
        problems.lines += found(stated)


def _holds_output(stated: object) -> bool:
    try:
        return holds_output(stated)
    except InvalidInput:
        # It is reported with the other arguments.
        return False


def _problems(text: str, engine: PolicyEngine | None, gateway: Gateway | None, *, ignores: bool) -> list[Problem]:
    statement = arguments.of_gateway(text, SOME_ARN) if gateway is not None else text
    extended = rules.DOGWOOD in rules.definition(statement)
    refused = rules.of_statement(statement, extended=extended)
    if refused:
        return refused
    (policy,) = cedar_policy.read(statement)
    found = [] if ignores else rules.findings(policy)
    if engine is not None:
        # Beside a policy that forbids, nothing is allowed for certain.
        found = [it if not engine.forbids else replace(it, severity="warning") for it in found]
        engine.forbids = engine.forbids or policy.effect == "forbid"
    gateways = [gateway] if gateway is not None else engine.gateways if engine else []
    # Of a gateway that is only read, no tool is known.
    if engine is None or not gateways or not all(it.declared for it in gateways):
        return found
    schema, elsewhere = engine.schema(gateway if len(gateways) == 1 else None)
    authorizers = [it.declared.get("authorizerType") for it in gateways]
    return [*found, *validation.validate(statement, schema, elsewhere=elsewhere, authorizers=authorizers)]
