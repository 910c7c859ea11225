"""The permissions that the gateway's role needs for signed calls to AWS's own hosts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from agentcore_provider.target_kinds.role_needs import NOTHING, Needs, Place, exact, within

RUNTIME = "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-permissions.html"
_GATEWAY = "devguide gateway-prerequisites-permissions"
_EXECUTE_API = "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples-for-api-execution.html"
_FUNCTION_URL = "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
_LATTICE = "https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html"
_BEDROCK = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html"
MANTLE = "aws/agentcore-cli#1990; aws/agentcore-cli#1994"


@dataclass(frozen=True)
class _Call:
    """A signed call. region: that of the host, else the gateway's. resources, models: what it is narrowed to."""

    url: SplitResult
    place: Place
    region: str
    resources: Sequence[str]
    models: Sequence[str]
    reads_card: bool

    def arn(self, service: str, resource: str) -> str:
        return self.place.arn(service, resource, region=self.region)


def of_endpoint(
    endpoint: str,
    place: Place,
    *,
    service: str | None = None,
    region: str | None = None,
    resources: Sequence[str] = (),
    models: Sequence[str] = (),
    reads_card: bool = False,
) -> Needs:
    """What a signed call to this address needs.

    service, region: what the signature is for, if the target sets it. resources: ARNs instead of all that the service has.
    models: ids of models, or patterns, that the target exposes. reads_card: whether A2A clients request the agent card.
    """
    try:
        url = urlsplit(endpoint)
        # Not url.hostname, which is in lower case: ids of runtimes have capitals.
        host = url.netloc.rpartition("@")[2].partition(":")[0]
    except ValueError:
        return NOTHING
    if not host:
        return NOTHING
    if "{" in host:
        return Needs(unknown=(f"signed calls to {host}, an address with parameters",))
    for pattern, needs in _HOSTS:
        found = re.fullmatch(pattern, host, re.IGNORECASE)
        if found:
            there = found.groupdict().get("region") or region or place.region
            return needs(_Call(url, place, there, resources, models, reads_card), found)
    signed = _SERVICES.get(service or "")
    if signed:
        return signed(_Call(url, place, region or place.region, resources, models, reads_card))
    return Needs(unknown=(f"signed calls to {host}",))


def of_runtime(arn: str, *, reads_card: bool) -> Needs:
    """What calls to an AgentCore Runtime need."""
    actions = ["bedrock-agentcore:InvokeAgentRuntime", *(["bedrock-agentcore:GetAgentCard"] if reads_card else [])]
    named = actions if len(actions) > 1 else actions[0]
    return exact(named, arn, f"{arn}/runtime-endpoint/*", source=RUNTIME)


def of_mantle(place: Place, resources: Sequence[str], *, region: str | None = None) -> Needs:
    """What calls to Bedrock's OpenAI-compatible models need; the models are listed when the target is made."""
    actions = ["bedrock-mantle:CreateInference", "bedrock-mantle:ListModels"]
    projects = resources or [place.arn("bedrock-mantle", "project/*", region=region)]
    needs = exact(actions, *projects, source=MANTLE)
    return Needs(needs.statements, narrowed=bool(resources), sources=needs.sources)


def _agent_runtime(call: _Call, _: re.Match[str]) -> Needs:
    found = re.fullmatch(r"/runtimes/([^/]+)/invocations(/.*)?", call.url.path)
    if not found:
        return Needs(unknown=(f"signed calls to {call.url.hostname}{call.url.path}",))
    runtime = unquote(found[1])
    if not runtime.startswith("arn:"):
        account = parse_qs(call.url.query).get("accountId", [call.place.account_id])[0]
        runtime = call.place.arn("bedrock-agentcore", f"runtime/{runtime}", region=call.region, account_id=account)
    return of_runtime(runtime, reads_card=call.reads_card)


def _named_runtime(call: _Call, host: re.Match[str]) -> Needs:
    return of_runtime(call.arn("bedrock-agentcore", f"runtime/{host['id']}"), reads_card=call.reads_card)


def _gateway(call: _Call, host: re.Match[str]) -> Needs:
    return exact(
        "bedrock-agentcore:InvokeGateway", call.arn("bedrock-agentcore", f"gateway/{host['id']}"), source=_GATEWAY
    )


def _rest_api(call: _Call, host: re.Match[str]) -> Needs:
    return exact("execute-api:Invoke", call.arn("execute-api", f"{host['id']}/{_stage(call)}/*"), source=_EXECUTE_API)


def _some_rest_api(call: _Call, _: re.Match[str] | None = None) -> Needs:
    return within(
        call.resources,
        "execute-api:Invoke",
        call.arn("execute-api", "*"),
        what="every API of the account: the address does not name the API",
        source=_EXECUTE_API,
    )


def _function_url(call: _Call, _: re.Match[str] | None = None) -> Needs:
    every = call.arn("lambda", "function:*")
    of_url = {"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}}
    through_url = {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}
    what = "every function that has a URL: the address does not name the function"
    url = within(call.resources, "lambda:InvokeFunctionUrl", every, what=what, source=_FUNCTION_URL, condition=of_url)
    # Since October 2025 both are required.
    function = within(
        call.resources, "lambda:InvokeFunction", every, what=what, source=_FUNCTION_URL, condition=through_url
    )
    return Needs(url.statements + function.statements, url.left_open, (), url.narrowed, url.sources)


def _lattice_service(call: _Call, _: re.Match[str] | None = None) -> Needs:
    return within(
        call.resources,
        "vpc-lattice-svcs:Invoke",
        call.arn("vpc-lattice", "service/*"),
        what="every service of VPC Lattice: the address does not name its ARN",
        source=_LATTICE,
    )


def _mantle(call: _Call, _: re.Match[str] | None = None) -> Needs:
    return of_mantle(call.place, call.resources, region=call.region)


def _bedrock(call: _Call, _: re.Match[str] | None = None) -> Needs:
    actions = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
    named = [arn for model in call.models for arn in _model(call, model)]
    if named and not call.resources:
        return exact(actions, *named, source=_BEDROCK)
    return within(call.resources, actions, *_model(call, "*"), what="every model", source=_BEDROCK)


def _model(call: _Call, model: str) -> list[str]:
    """ARNs of a model by its id: as a foundation model, wherever a profile leads to, and as an inference profile."""
    if model.startswith("arn:"):
        return [model]
    partition = call.place.partition
    # us.anthropic.claude-...: the id of the model does not include the profile's prefix.
    bare = re.sub(r"^(us|us-gov|eu|apac|jp|au|ca|global)\.", "", model)
    return [f"arn:{partition}:bedrock:*::foundation-model/{bare}", call.arn("bedrock", f"inference-profile/{model}")]


def _stage(call: _Call) -> str:
    return call.url.path.strip("/").split("/")[0] or "*"


_REGION = r"(?P<region>[a-z0-9-]+)"
_AWS = r"amazonaws\.com(\.cn)?"
_HOSTS: Sequence[tuple[str, Callable[[_Call, re.Match[str]], Needs]]] = (
    (rf"bedrock-agentcore\.{_REGION}\.{_AWS}", _agent_runtime),
    (rf"(?P<id>[a-zA-Z0-9_-]+)\.runtime\.bedrock-agentcore\.{_REGION}\.{_AWS}", _named_runtime),
    (rf"(?P<id>[0-9a-z-]+)\.gateway\.bedrock-agentcore\.{_REGION}\.{_AWS}", _gateway),
    (rf"(?P<id>[0-9a-z]+)(-vpce-[0-9a-z]+)?\.execute-api\.{_REGION}\.{_AWS}", _rest_api),
    (rf"vpce-[0-9a-z-]+\.execute-api\.{_REGION}\.vpce\.{_AWS}", _some_rest_api),
    (rf"[0-9a-z]+\.lambda-url\.{_REGION}\.on\.aws", _function_url),
    (rf"[0-9a-z.-]+\.vpc-lattice-svcs\.{_REGION}\.on\.aws", _lattice_service),
    (rf"bedrock-mantle\.{_REGION}\.api\.aws", _mantle),
    (rf"bedrock-runtime(-fips)?\.{_REGION}\.({_AWS}|api\.aws)", _bedrock),
)
_SERVICES: Mapping[str, Callable[[_Call], Needs]] = {
    "execute-api": _some_rest_api,
    "lambda": _function_url,
    "vpc-lattice-svcs": _lattice_service,
    "bedrock-mantle": _mantle,
}
"""Hosts of one's own in front of a service, by the name that the signature is for."""
