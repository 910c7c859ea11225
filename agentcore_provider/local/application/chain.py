"""The sequence of steps that answers a request: read STEPS from top to bottom.

A step returns a response, which ends the sequence, or None, after which the next step follows. The last step, moto,
answers everything that no earlier step does.
"""

from __future__ import annotations

import re
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from moto.bedrockagentcorecontrol.responses import BedrockAgentCoreControlResponse
from moto.core.utils import camelcase_to_underscores
from moto.iam.models import get_account_id_from
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from agentcore_provider.local import agentcore_control, cognito, service_model
from agentcore_provider.local.application import log_delivery, operation, wrong_address
from agentcore_provider.local.application.faults import Fault
from agentcore_provider.local.application.moto import Moto
from agentcore_provider.local.application.operation import Operation
from agentcore_provider.local.outbound import identities_endpoint
from agentcore_provider.local.service_error import answer
from agentcore_provider.local.store import store_of

_INVOCATION = re.compile(r"/2015-03-31/functions/(?P<function>[^/]+)/invocations/?")
_AGENTCORE_SERVICES = ("bedrock-agentcore", agentcore_control.SERVICE)
_REGISTRY_SERVICES = ("agent-registry", "agent-registry-control")
_OWN_RESOURCES = re.compile(
    r"arn:[^:]*:bedrock-agentcore:[^:]*:\d*:(?:configuration-bundle|consent-portal|gateway|token-vault|workload-identity-directory|policy-engine)/"
)


@dataclass(frozen=True)
class Services:
    """What the steps pass requests to. ending: set when the server ends, so that stalled calls end too."""

    base_url: str
    control_plane: agentcore_control.ControlPlane
    cognito: cognito.Cognito
    moto: Moto
    ending: threading.Event


@dataclass(frozen=True)
class ServiceRequest:
    """A request to AWS, the operation that it calls, and the fault that was set for this call."""

    request: Request
    operation: Operation
    fault: Fault | None
    services: Services

    @property
    def fail_with(self) -> str | None:
        """The reason with which the resource that the call creates or changes is to fail."""
        return self.fault.reason if self.fault is not None and self.fault.kind == "fail" else None

    @cached_property
    def account_id(self) -> str:
        """The account of the access key."""
        return get_account_id_from(self.operation.access_key)

    def error(self, status: int, code: str, message: str) -> Response:
        """An error in the format of the service that is called."""
        return answer(status, code, message, as_xml=self.operation.speaks_xml)


Step = Callable[[ServiceRequest], "Response | None"]


def respond(call: ServiceRequest) -> Response:
    """The response of the first step that has one, or of what went wrong in it."""
    what = f"{call.operation.service} {call.operation.name}"
    try:
        return next(response for step in STEPS if (response := step(call)) is not None)
    except NotImplementedError:
        # Not 500: clients would try again.
        return call.error(501, "NotImplemented", f"Local AWS does not have {what}")
    except HTTPException as error:
        response = Response.force_type(error.get_response(call.request.environ))
        return call.services.moto.in_format_of_aws(response, call.request, call.operation)
    except Exception as error:  # a defect of local AWS: the client gets an error and the log a trace
        traceback.print_exc(file=sys.stderr)
        return call.error(500, "InternalFailure", f"Local AWS failed in {what}: {error!r}")


def fail_on_request(call: ServiceRequest) -> Response | None:
    """A fault of kind `status`."""
    fault = call.fault
    return fault.answer(as_xml=call.operation.speaks_xml) if fault is not None and fault.kind == "status" else None


def stall_on_request(call: ServiceRequest) -> Response | None:
    """A fault of kind `stall`."""
    if call.fault is not None and call.fault.kind == "stall":
        call.services.ending.wait(call.fault.seconds)
    return None


def mcp_endpoint(call: ServiceRequest) -> Response | None:
    """`/gateways/ID/mcp`, and the metadata of the gateway."""
    path = call.request.path
    found = operation.GATEWAY_PATH.fullmatch(path) or operation.GATEWAY_METADATA_PATH.fullmatch(path)
    if found is None:
        return None
    from agentcore_provider.local import mcp_endpoint as endpoint

    return endpoint.serve(call.request, found["id"], call.services.base_url)


def http_endpoint(call: ServiceRequest) -> Response | None:
    """`/gateways/ID/TARGET/...`: targets of the http and inference kinds."""
    found = operation.http_target(call.request) if call.operation.service == "http" else None
    if found is None:
        return None
    from agentcore_provider.local import http_endpoint as endpoint

    return endpoint.serve(call.request, found["id"], unquote(found["target"]), found["path"], call.services.base_url)


def identities(call: ServiceRequest) -> Response | None:
    """`/identities/oauth2/...`: people sign in for a target, or for an agent."""
    found = identities_endpoint.PATH.fullmatch(call.request.path)
    return identities_endpoint.serve(call.request, found["what"]) if found else None


def user_pool_domain(call: ServiceRequest) -> Response | None:
    """`/cognito/DOMAIN/...`: tokens, and the pages on which people sign in."""
    found = operation.USER_POOL_DOMAIN_PATH.fullmatch(call.request.path)
    if found is None:
        return None
    from agentcore_provider.local.cognito import hosted_login, token_endpoint

    if found["what"] == "oauth2/token":
        return token_endpoint.serve(call.request, found["domain"], call.services.base_url)
    if found["what"] == "oauth2/revoke":
        return token_endpoint.revoke(call.request, found["domain"])
    return hosted_login.serve(call.request, found["domain"], found["what"])


def require_known_region(call: ServiceRequest) -> Response | None:
    """403 for a signature that names no Region of AWS."""
    region = call.operation.region
    if not call.operation.is_signed or region in service_model.regions():
        return None
    text = f"Credential should be scoped to a valid region, not {region[:100]!r}."
    return call.error(403, "InvalidSignatureException", text)


def explain_wrong_address(call: ServiceRequest) -> Response | None:
    """404 with the right address, for one that resembles it."""
    return wrong_address.find(call.request, call.services.base_url, signed=call.operation.is_signed)


def user_pool_documents(call: ServiceRequest) -> Response | None:
    """`/POOL_ID/.well-known/...`."""
    found = operation.USER_POOL_PATH.fullmatch(call.request.path)
    return cognito.discovery.serve(found["pool"], found["document"]) if found else None


def lambda_invocation(call: ServiceRequest) -> Response | None:
    """Invoke of Lambda; moto keeps the functions and does not run them."""
    found = _INVOCATION.fullmatch(call.request.path) if call.operation.service == "lambda" else None
    if found is None:
        return None
    from agentcore_provider.local import lambda_runtime

    qualifier = call.request.args.get("Qualifier")
    return lambda_runtime.serve_invoke(
        call.request, found["function"], qualifier, call.account_id, call.operation.region
    )


def credentials_of_agents(call: ServiceRequest) -> Response | None:
    """The operations by which agents get credentials."""
    called = call.operation
    if called.service != "bedrock-agentcore" or called.route is None:
        return None
    from agentcore_provider.local import agentcore_identity
    from agentcore_provider.local.agentcore_identity.call import Call

    if not agentcore_identity.has(called.name):
        return None
    store = store_of(call.account_id, called.region)
    return agentcore_identity.serve(call.request, called.name, Call(store, called.access_key, call.services.base_url))


def control_plane(call: ServiceRequest) -> Response | None:
    """The AgentCore control plane. Other resources of AgentCore, such as runtimes, are moto's."""
    called = call.operation
    if called.service not in _AGENTCORE_SERVICES:
        return None
    if called.route is None:
        return agentcore_control.unknown_operation(called.name)
    arn = called.route.path_values.get("resourceArn")
    if arn is not None and f":bedrock-agentcore:{called.region}:{call.account_id}:" not in arn:
        return agentcore_control.unknown_arn(arn)
    plane = call.services.control_plane
    # The tags of runtimes are moto's, their resource policies are not.
    is_own = arn is None or called.name.endswith("ResourcePolicy") or _OWN_RESOURCES.match(arn)
    if plane.serves(called.name) and is_own:
        return plane.serve(
            call.request, called.route, account_id=call.account_id, region=called.region, fail_with=call.fail_with
        )
    is_control = called.service == agentcore_control.SERVICE
    if is_control and not hasattr(BedrockAgentCoreControlResponse, camelcase_to_underscores(called.name)):
        return agentcore_control.unknown_operation(f"{called.service} {called.name}")
    return None


def agent_registry(call: ServiceRequest) -> Response | None:
    """AWS Agent Registry, control plane and data plane."""
    called, plane = call.operation, call.services.control_plane
    if called.service not in _REGISTRY_SERVICES:
        return None
    if called.route is None or not plane.serves(called.name, called.service):
        return agentcore_control.unknown_operation(f"{called.service} {called.name}")
    arn = called.route.path_values.get("resourceArn")
    if arn is not None and f":agent-registry:{called.region}:{call.account_id}:" not in arn:
        return agentcore_control.unknown_arn(arn)
    return plane.serve(
        call.request,
        called.route,
        account_id=call.account_id,
        region=called.region,
        fail_with=call.fail_with,
        service=called.service,
    )


def user_pools(call: ServiceRequest) -> Response | None:
    """Cognito, where moto accepts what AWS does not."""
    if call.operation.service != "cognito-idp":
        return None
    return call.services.cognito.serve(call.request, call.operation.name, call.account_id, call.operation.region)


def delivery_of_logs(call: ServiceRequest) -> Response | None:
    """CloudWatch Logs, for the logs of gateways."""
    return log_delivery.serve(call.request, call.operation, call.account_id)


def stacks(call: ServiceRequest) -> Response | None:
    """CloudFormation, which creates resources of AgentCore too."""
    if call.operation.service != "cloudformation":
        return None
    from agentcore_provider.local import cloudformation

    services, called = call.services, call.operation
    return cloudformation.serve(
        call.request,
        called.name,
        services.control_plane,
        lambda request: services.moto.serve(request, called),
        account_id=call.account_id,
        region=called.region,
        base_url=services.base_url,
    )


def moto(call: ServiceRequest) -> Response:
    """All other services and operations."""
    return call.services.moto.serve(call.request, call.operation)


STEPS: tuple[Step, ...] = (
    fail_on_request,
    stall_on_request,
    mcp_endpoint,
    http_endpoint,
    identities,
    user_pool_domain,
    require_known_region,
    explain_wrong_address,
    user_pool_documents,
    lambda_invocation,
    credentials_of_agents,
    control_plane,
    agent_registry,
    user_pools,
    delivery_of_logs,
    stacks,
    moto,
)
