"""What to do about an error, in the words of whoever reads it: a program says arguments and config, a script arguments."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cures:
    """Ends of messages. The defaults are for a Pulumi program; each completes a sentence in the imperative."""

    adopt: str = "take it over with `pulumi config set agentcore:adopt true` (or adopt=True)"
    """What to do about something that somebody else made."""
    apart: str = (
        "; if another stack of this name made it, `pulumi config set agentcore:owner WORD` gives all generated names of "
        "this one another ending"
    )
    """What else to do where names are generated."""
    carry_on: str = "AWS may still get there: run the same command again to carry on, or allow more time with opts=ResourceOptions(custom_timeouts=...)"
    """What to do about something that did not arrive in time."""
    credentials: str = "check the stack's aws:profile"
    """Where credentials come from that are not valid."""
    endpoint: str = "check the stack's agentcore:endpointUrl and any proxy on the way"
    """Where the address of AWS is said."""
    left_targets: str = (
        "somebody else made them, or retain_on_delete or a removal from the state left them here: delete each with `aws "
        "bedrock-agentcore-control delete-gateway-target --gateway-identifier {gateway_id} --target-id ID`, then run the same command again"
    )
    """What to do about targets of a gateway that is to be deleted; {gateway_id} stands for its id."""
    make_again: str = "run `pulumi up --refresh` to make it again"
    """What to do about something that is gone."""
    make_role: str = "let GatewayRole make it"
    """Who makes an execution role that works."""
    region: str = "set the Region: `pulumi config set aws:region us-west-2`"
    """How to choose the Region."""
    renew: str = "sign in to AWS again: `aws sso login`, or renew the stack's credentials"
    """What to do about credentials that have expired."""
    sign_in: str = "sign in to AWS: `aws configure`, `aws sso login`, or the stack's aws:profile"
    """What to do without credentials."""
    slower: str = (
        "others use this account's limits too; run the command again later, allow more time with "
        "opts=ResourceOptions(custom_timeouts=...), or ask AWS to raise the quota"
    )
    """What to do when AWS limits calls for longer than the resource may take."""


PROGRAM = Cures()
"""For a Pulumi program and its stack."""
