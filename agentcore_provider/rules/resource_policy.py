"""What the service accepts as the resource policy of a gateway or an agent runtime: PutResourcePolicy's input.

The policy is read as IAM reads it: its elements, principals and condition operators are those of IAM's grammar
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from agentcore_provider.documents.limits import Unreadable, check
from agentcore_provider.problem import Problem, joined
from agentcore_provider.rules import service_model
from agentcore_provider.rules.iam_policy import matches
from agentcore_provider.rules.unknown import UNKNOWN

SOURCE = "devguide resource-based-policies"
GRAMMAR = "IAM JSON policy grammar"
IMMUTABLE = {"resourceArn": "botocore model bedrock-agentcore-control, PutResourcePolicyRequest"}
"""Top-level members that cannot change, and where that is written: a policy belongs to one resource."""
VERSION = "2012-10-17"
_VERSIONS = (VERSION, "2008-10-17")
_RUNTIME_ACTIONS = (
    "InvokeAgentRuntime",
    "InvokeAgentRuntimeForUser",
    "InvokeAgentRuntimeWithWebSocketStream",
    "InvokeAgentRuntimeWithWebSocketStreamForUser",
    "StopRuntimeSession",
    "GetAgentCard",
)
ACTIONS = {"gateway": ("InvokeGateway",), "runtime": _RUNTIME_ACTIONS}
"""The actions that a policy can name, by the kind of resource in its ARN (devguide resource-based-policies)."""
RESOURCE_ARN = re.compile(
    r"arn:aws[a-z-]*:bedrock-agentcore:[a-z0-9-]+:[0-9]{12}:"
    r"(?:(?P<gateway>gateway/[0-9a-zA-Z-]+)|(?P<runtime>runtime/[0-9a-zA-Z_-]+(?:/runtime-endpoint/[0-9a-zA-Z_-]+)?))"
)
_ELEMENTS = ("Version", "Id", "Statement")
_PARTS = ("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")
_PRINCIPALS = ("AWS", "Service", "Federated", "CanonicalUser")
_SID = re.compile(r"[0-9A-Za-z]*")
_AWS_PRINCIPAL = re.compile(
    r"\*|[0-9]{12}|arn:aws[a-z-]*:(?:iam::[0-9]{12}:(?:root|(?:user|role)/[^*?]+)"
    r"|sts::[0-9]{12}:(?:assumed-role/[^*?]+/[^*?]+|federated-user/[^*?]+))"
)
_OPERATORS = frozenset(
    {
        *(
            f"String{it}"
            for it in ("Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike")
        ),
        *(
            f"{kind}{it}"
            for kind in ("Numeric", "Date")
            for it in ("Equals", "NotEquals", "LessThan", "LessThanEquals")
        ),
        *(f"{kind}{it}" for kind in ("Numeric", "Date") for it in ("GreaterThan", "GreaterThanEquals")),
        *("Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "Null"),
        *(f"Arn{it}" for it in ("Equals", "NotEquals", "Like", "NotLike")),
    }
)
_OPERATOR = re.compile(r"(?:ForAllValues:|ForAnyValue:)?(?P<name>\w+?)(?:IfExists)?")

Document = Mapping[str, object]


def validate(document: Document, *, authorizer: object = None) -> list[Problem]:
    """Everything the service would refuse, and what grants nothing or too much.

    document: resourceArn, which may be absent, and policy: IAM's document, or a list of its statements.
    authorizer: the authorizerType of the gateway, if it is known.
    """
    arn, policy = document.get("resourceArn"), document.get("policy")
    kind = None
    problems: list[Problem] = []
    if isinstance(arn, str):
        found = RESOURCE_ARN.fullmatch(arn)
        if found is None:
            message = f"{arn!r} is neither the ARN of a gateway nor of an agent runtime or its endpoint"
            cure = "Pass arn:aws:bedrock-agentcore:REGION:ACCOUNT:gateway/ID, or .../runtime/ID."
            problems.append(Problem("resourceArn", message, cure, SOURCE))
        else:
            kind = found.lastgroup
    if policy is UNKNOWN:
        return problems
    if policy is None:
        return [
            *problems,
            Problem("policy", "is missing", "Pass IAM's document, or a list of its statements.", GRAMMAR),
        ]
    if isinstance(policy, (list, tuple)):
        policy = with_statements(list(policy))
    if not isinstance(policy, Mapping):
        return [*problems, _wrong_type("policy", policy, "IAM's document, or a list of its statements")]
    return [*problems, *_policy(policy, kind, arn, authorizer)]


def replaces(old: Document, new: Document) -> list[str]:
    """Top-level members whose change needs a new policy. A value not known yet counts as changed."""
    return service_model.changed(IMMUTABLE, old, new)


def with_statements(statements: list[object]) -> dict[str, object]:
    """The policy that has these statements."""
    return {"Version": VERSION, "Statement": statements}


def read(text: str) -> object:
    """The policy in a JSON text. Raises ValueError for what is not JSON, or not within the limits of a document."""
    try:
        parsed: object = json.loads(text)
        check(parsed, accepts=lambda _: True)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except Unreadable as error:
        raise ValueError(error.why) from None
    return parsed


def _policy(policy: Document, kind: str | None, arn: object, authorizer: object) -> Iterator[Problem]:
    yield from _unknown_members("policy", policy, _ELEMENTS)
    version = policy.get("Version")
    if version not in (*_VERSIONS, UNKNOWN):
        message = "is missing" if version is None else f"is {version!r}"
        yield Problem("policy.Version", message, f'Write "Version": "{VERSION}".', SOURCE)
    statements = policy.get("Statement")
    if statements is not UNKNOWN:
        listed = statements if isinstance(statements, (list, tuple)) else [statements]
        if not listed or statements is None:
            yield Problem("policy.Statement", "has no statement", "Add one, or remove the policy.", SOURCE)
            listed = []
        sids: set[str] = set()
        for index, statement in enumerate(listed):
            path = f"policy.Statement[{index}]"
            if isinstance(statement, Mapping):
                yield from _statement(path, statement, kind, arn, authorizer)
                sid = statement.get("Sid")
                if isinstance(sid, str) and sid in sids:
                    yield Problem(f"{path}.Sid", f"{sid!r} is used twice", "Give each statement its own Sid.", GRAMMAR)
                sids.add(str(sid))
            elif statement is not UNKNOWN:
                yield _wrong_type(path, statement, "a statement")
    yield from _size(policy)


def _statement(path: str, statement: Document, kind: str | None, arn: object, authorizer: object) -> Iterator[Problem]:
    yield from _unknown_members(path, statement, _PARTS)
    sid, effect = statement.get("Sid"), statement.get("Effect")
    if sid is not None and sid is not UNKNOWN and not (isinstance(sid, str) and _SID.fullmatch(sid)):
        yield Problem(
            joined(path, "Sid"), f"{sid!r} has other characters than letters and digits", "Leave them out.", GRAMMAR
        )
    if effect not in ("Allow", "Deny", UNKNOWN):
        message = "is missing" if effect is None else f"is {effect!r}"
        yield Problem(joined(path, "Effect"), message, "Write Allow or Deny.", SOURCE)
    for one in ("Principal", "Action"):
        present = [it for it in (one, f"Not{one}") if statement.get(it) is not None]
        if not present:
            yield Problem(joined(path, one), "is missing", f"Add {one}.", SOURCE)
        elif len(present) == 2:
            yield Problem(path, f"has {one} and Not{one}", "Keep one of them.", GRAMMAR)
    for name in ("Principal", "NotPrincipal"):
        if statement.get(name) is not None:
            yield from _principal(joined(path, name), statement[name], name, authorizer)
    for name in ("Action", "NotAction"):
        for where, action in _texts(joined(path, name), statement.get(name)):
            yield from _action(where, action, kind)
    yield from _resource(path, statement, arn)
    condition = statement.get("Condition")
    if condition is not None:
        yield from _conditions(joined(path, "Condition"), condition)
    if effect == "Allow" and authorizer == "AWS_IAM" and not condition and _is_everybody(statement.get("Principal")):
        yield Problem(
            joined(path, "Principal"),
            "lets every AWS account call the gateway",
            "Name accounts or roles, or add a Condition.",
            SOURCE,
            severity="warning",
        )


def _principal(path: str, principal: object, name: str, authorizer: object) -> Iterator[Problem]:
    if principal is UNKNOWN or principal == "*":
        return
    if authorizer == "CUSTOM_JWT" and name == "Principal" and not _is_everybody(principal):
        message = "never matches: callers of a gateway with CUSTOM_JWT have no IAM identity"
        yield Problem(path, message, 'Write "Principal": "*", and restrict callers by a Condition.', SOURCE)
    if not isinstance(principal, Mapping):
        cure = 'Write "*", or a kind such as {"AWS": "arn:aws:iam::111122223333:role/caller"}.'
        yield Problem(path, f"is {principal!r}" if isinstance(principal, str) else "has a wrong type", cure, GRAMMAR)
        return
    yield from _unknown_members(path, principal, _PRINCIPALS)
    for where, value in _texts(joined(path, "AWS"), principal.get("AWS")):
        if not _AWS_PRINCIPAL.fullmatch(value):
            partly = "*" in value or "?" in value
            message = "has a wildcard in its middle" if partly else "is not a principal of IAM"
            cure = (
                "Name the account, and compare aws:PrincipalArn in a Condition."
                if partly
                else ("Pass an account, or the ARN of a user, role or assumed role.")
            )
            yield Problem(where, f"{value!r} {message}", cure, "IAM JSON policy elements: Principal")


def _action(path: str, action: str, kind: str | None) -> Iterator[Problem]:
    prefix, _, name = action.rpartition(":")
    if action != "*" and prefix.lower() != "bedrock-agentcore":
        wanted = ACTIONS[kind][0] if kind else "InvokeGateway"
        yield Problem(path, f"{action!r} is not an action of AgentCore", f"Write bedrock-agentcore:{wanted}.", SOURCE)
    elif kind and not any(matches(name, it, ignore_case=True) for it in ACTIONS[kind]):
        known = ", ".join(f"bedrock-agentcore:{it}" for it in ACTIONS[kind])
        what = "a gateway" if kind == "gateway" else "an agent runtime"
        yield Problem(path, f"{action!r} is not an action of {what}", f"Write one of {known}.", SOURCE)


def _resource(path: str, statement: Document, arn: object) -> Iterator[Problem]:
    patterns = list(_texts(joined(path, "Resource"), statement.get("Resource")))
    if statement.get("Resource") is not None and statement.get("NotResource") is not None:
        yield Problem(path, "has Resource and NotResource", "Keep one of them.", GRAMMAR)
    for where, pattern in patterns:
        if pattern != "*" and not pattern.startswith("arn:"):
            yield Problem(where, f"{pattern!r} is not an ARN", 'Write "*", which is the resource itself.', SOURCE)
    unknown = isinstance(statement.get("Resource"), (list, tuple)) and UNKNOWN in statement["Resource"]  # type: ignore[operator]
    if patterns and isinstance(arn, str) and not unknown and not any(matches(it, arn) for _, it in patterns):
        yield Problem(
            joined(path, "Resource"),
            f"does not match {arn}, the resource that has the policy",
            'Write "*", which is the resource itself.',
            SOURCE,
        )


def _conditions(path: str, condition: object) -> Iterator[Problem]:
    if condition is UNKNOWN:
        return
    if not isinstance(condition, Mapping):
        yield _wrong_type(path, condition, "operators with keys and values")
        return
    for operator, tests in condition.items():
        where = joined(path, str(operator))
        found = _OPERATOR.fullmatch(str(operator))
        if found is None or found["name"] not in _OPERATORS:
            guess = service_model.guess(str(operator), sorted(_OPERATORS))
            cure = f"Write {guess}." if guess else "Write an operator such as StringEquals."
            yield Problem(
                where, "is not an operator of conditions", cure, "IAM JSON policy elements: Condition operators"
            )
        elif tests is not UNKNOWN and not isinstance(tests, Mapping):
            yield _wrong_type(where, tests, "condition keys with their values")


def _size(policy: Document) -> Iterator[Problem]:
    known = json.dumps(policy, default=lambda _: "", separators=(",", ":"), ensure_ascii=False)
    shape = service_model.load(service_model.CONTROL)["shapes"]["ResourcePolicyBody"]
    if len(known) > shape["max"]:
        message = f"has {len(known)} characters, and {shape['max']} is the most"
        yield Problem(
            "policy",
            message,
            "Name fewer principals, or an account in place of its roles.",
            "botocore model bedrock-agentcore-control, ResourcePolicyBody",
        )


def _is_everybody(principal: object) -> bool:
    named = principal.get("AWS") if isinstance(principal, Mapping) else principal
    return named == "*" or (isinstance(named, (list, tuple)) and "*" in named)


def _texts(path: str, value: object) -> Iterator[tuple[str, str]]:
    """The texts of an element that is one text or a list of them, with where they are."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, (list, tuple)):
        for index, one in enumerate(value):
            if isinstance(one, str):
                yield joined(path, index), one


def _unknown_members(path: str, document: Document, known: tuple[str, ...]) -> Iterator[Problem]:
    for member in document:
        if member not in known:
            guess = service_model.guess(str(member), known)
            cure = f"Write {guess}." if guess else f"Elements: {', '.join(known)}."
            yield Problem(joined(path, str(member)), "is not an element of IAM's policies", cure, GRAMMAR)


def _wrong_type(path: str, value: object, wanted: str) -> Problem:
    return Problem(path, f"is of type {type(value).__name__}", f"Pass {wanted}.", GRAMMAR)
