"""What to do about errors, in the words of a script: it has arguments, and no stack."""

from __future__ import annotations

from agentcore_provider.aws.cures import Cures
from agentcore_provider.mcp.cures import Cures as McpCures

SCRIPT = Cures(
    adopt="take it over with adopt=True",
    apart="",
    resume="make the same call again to resume, or allow more time with GatewayClient(timeout=...)",
    credentials="check the keys or the profile in use, or give GatewayClient(profile_name=...)",
    endpoint="check endpoint_url= or AWS_ENDPOINT_URL, and any proxy on the way",
    left_targets="delete them first, or give skip_resource_in_use=True",
    create_again="create it again",
    make_function="pass the ARN of one that exists, or the folder of its code in place of the ARN: "
    "setup_gateway(NAME, 'FOLDER'), or targetConfiguration={'mcp': {'lambda': {'code': 'FOLDER'}}}",
    make_role="leave the role out and GatewayClient makes one",
    region="give the Region, such as GatewayClient(region_name='us-west-2')",
    renew="sign in to AWS again: `aws sso login`, or renew the keys in use",
    sign_in="sign in to AWS: `aws configure`, `aws sso login`, or GatewayClient(profile_name=...); for local AWS give "
    "endpoint_url='http://127.0.0.1:4599'",
    set_credentials="give credentialProviderConfigurations",
    slower="make the call again",
)

CONVERSATION = McpCures(
    more_time="raise timeout=, or see the target's own log",
    anonymous="give token=",
    expired="give token= a new one, or leave it out where GatewayClient made the sign-in",
    bearer_wanted="leave sign out and give token=",
    signature_wanted="its authorizer may be AWS_IAM: leave token= out",
    failing="try again; if it stays, see the target's own log",
)
