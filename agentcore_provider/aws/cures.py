"""What to do about an error, for whoever reads it.

A program has arguments and config, a stack file keys, the command flags. A script has arguments alone; its cures are in
`gateway_client`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

READER = "AGENTCORE_READER"
"""The environment variable by which the command lets the engine's plugins know who reads their messages."""
COMMAND_READS = "command"
"""Its value where that is the user of `agentcore`."""


@dataclass(frozen=True)
class Cures:
    """Ends of messages. The defaults are for a Pulumi program; each completes a sentence in the imperative."""

    adopt: str = "take it over with `pulumi config set agentcore:adopt true` (or adopt=True)"
    """What to do about something that another owner made."""
    apart: str = (
        "; if another stack of this name made it, `pulumi config set agentcore:owner WORD` gives all generated names of "
        "this one another ending"
    )
    """What else to do where names are generated."""
    resume: str = "AWS may still get there: run the same command again to resume, or allow more time with opts=ResourceOptions(custom_timeouts=...)"
    """What to do about something that did not arrive in time."""
    credentials: str = "check the stack's aws:profile"
    """Where credentials come from that are not valid."""
    endpoint: str = "check the stack's agentcore:endpointUrl and any proxy on the way"
    """Where the address of AWS is set."""
    left_targets: str = (
        "another owner made them, or retain_on_delete or a removal from the state left them here: delete each with `aws "
        "bedrock-agentcore-control delete-gateway-target --gateway-identifier {gateway_id} --target-id ID`, then run the same command again"
    )
    """What to do about targets of a gateway that is to be deleted; {gateway_id} is replaced by its id."""
    create_again: str = "run `pulumi up --refresh` to create it again"
    """What to do about something that is gone."""
    make_function: str = (
        "pass the ARN of one that exists, or create one from a folder of code: target=targets.LambdaCode(FOLDER)"
    )
    """What to do about a Lambda function that does not exist."""
    make_role: str = "create one: role_arn=GatewayRole(NAME).arn"
    """How to get an execution role that works."""
    region: str = "set the Region: `pulumi config set aws:region us-west-2`"
    """How to choose the Region."""
    renew: str = "sign in to AWS again: `aws sso login`, or renew the stack's credentials"
    """What to do about credentials that have expired."""
    set_credentials: str = "pass credentials, such as credentials=credentials.IamRole()"
    """How to set the outbound credentials of a target."""
    sign_in: str = "sign in to AWS: `aws configure`, `aws sso login`, or the stack's aws:profile"
    """What to do without credentials."""
    slower: str = (
        "others use this account's limits too; run the command again later, allow more time with "
        "opts=ResourceOptions(custom_timeouts=...), or ask AWS to raise the quota"
    )
    """What to do when AWS limits calls for longer than the resource may take."""


PROGRAM = Cures()
"""For a Pulumi program and its stack."""

STACK_FILE = replace(
    PROGRAM,
    adopt="take it over with `pulumi config set agentcore:adopt true`",
    resume="AWS may still get there: run the same command again to resume",
    make_function="set the `arn:` of one that exists, or create one from a folder of code: `code: FOLDER` in place of `arn:`",
    make_role="leave `role_arn:` out, and one is created",
    set_credentials="set `credentials:` of the target, such as `credentials: {iam_role: {}}`",
    slower="others use this account's limits too; run the command again later, or ask AWS to raise the quota",
)
"""For a stack file that describes the gateways under `agentcore:gateways`."""

COMMAND = replace(
    STACK_FILE,
    adopt="take it over: a gateway with `agentcore import`, all else with `agentcore:adopt: true` in the stack's file",
    apart="; if another stack of this name made it, `agentcore:owner: WORD` in this stack's file gives all its generated "
    "names another ending",
    credentials="check AWS_PROFILE, or the keys in use",
    endpoint="check AWS_ENDPOINT_URL, the agentcore:endpointUrl of the stack's file, and any proxy on the way",
    create_again="run the same command again, or `pulumi up --refresh`, to create it again",
    make_function="pass the ARN of one that exists, or in its place the folder or .py file of code to create one from",
    make_role="leave --execution-role out, and one is created",
    region="pass --region, or set AWS_REGION",
    renew="sign in to AWS again: `aws sso login`, or renew the keys in use",
    set_credentials="pass --credentials, or set `credentials:` of the target in the stack's file",
    sign_in="sign in to AWS: `aws configure`, `aws sso login`, or AWS_PROFILE; `agentcore local start` for an AWS on this "
    "machine",
)
"""For the user of `agentcore`."""


def of_stack(config: Callable[[str], str | None], environment: Mapping[str, str]) -> Cures:
    """The cures for whoever deploys a stack. config: returns the value of a key of its configuration."""
    if environment.get(READER) == COMMAND_READS:
        return COMMAND
    return STACK_FILE if config("agentcore:gateways") else PROGRAM
