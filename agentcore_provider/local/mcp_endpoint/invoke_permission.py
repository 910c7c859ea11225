"""Whether a caller who has signed in may invoke the gateway: policies of the caller, and the gateway's resource policy.

As documented (devguide resource-based-policies): a caller of the gateway's account needs the permission of either; a caller
of another account needs both; an explicit deny of either wins. The holder of a token has no policies: with a resource
policy, that has to allow "Principal": "*". Of conditions, the keys below are known; others are absent from a request,
aws:SourceVpc among them, as it is from one that comes from outside any VPC.

The policies of local IAM's users and roles are known. What signs as local AWS's own key, with a key from elsewhere, or as a
role that local IAM does not have, is taken for an administrator of its account. The texts are IAM's
(https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from moto.iam.models import get_account_id_from
from werkzeug.wrappers import Request

from agentcore_provider.local import access_key, iam_policy, iam_role, store

if TYPE_CHECKING:
    from agentcore_provider.local.store import Gateway

ACTION = "bedrock-agentcore:InvokeGateway"
_ADMINISTRATOR = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


def denial(request: Request, gateway: Gateway, key_id: str | None) -> str | None:
    """Why the caller may not invoke the gateway, None who may. key_id: the access key that signed; None for a token."""
    policy = store.resource_policy_of(gateway.gateway_arn)
    if policy is None and key_id is None:
        return None
    principal = _principal(key_id, gateway) if key_id else iam_policy.Principal()
    wanted = iam_policy.Request(principal, ACTION, gateway.gateway_arn, _context(request, gateway, principal))
    of_resource = iam_policy.effects(policy, wanted, of_resource=True)
    own = {effect for it in _policies(principal) for effect in iam_policy.effects(it, wanted)}
    by_resource = "Allow" in of_resource
    user = f"User: {principal.arn or 'anonymous'} is not authorized to perform: {ACTION} on resource: {gateway.gateway_arn}"
    if "Deny" in of_resource:
        return f"{user} with an explicit deny in a resource-based policy"
    if "Deny" in own:
        return f"{user} with an explicit deny in an identity-based policy"
    if principal.account_id == gateway.account_id:
        may = by_resource or "Allow" in own
        return None if may else f"{user} because no identity-based policy allows the {ACTION} action"
    if not by_resource and "Delegate" not in of_resource:
        return f"{user} because no resource-based policy allows the {ACTION} action"
    may = principal.arn is None or "Allow" in own
    return None if may else f"{user} because no identity-based policy allows the {ACTION} action"


def _principal(key_id: str, gateway: Gateway) -> iam_policy.Principal:
    key = access_key.find(key_id)
    if key is not None and key.principal_arn:
        return iam_policy.Principal(key.principal_arn, key.principal_arn.split(":")[4], key.role_arn)
    account = get_account_id_from(key_id)
    partition = gateway.gateway_arn.split(":")[1]
    return iam_policy.Principal(f"arn:{partition}:iam::{account}:user/{key_id}", account)


def _policies(principal: iam_policy.Principal) -> Iterable[object]:
    if principal.arn is None:
        return ()
    if principal.role_arn is None:
        found = iam_role.user_policies(principal.arn)
    else:
        role = iam_role.role_policies(principal.role_arn)
        found = None if role is None else role.policies
    return (_ADMINISTRATOR,) if found is None else found


def _context(request: Request, gateway: Gateway, principal: iam_policy.Principal) -> dict[str, str]:
    """Condition keys in lower case. Over AWS's own address every request is encrypted."""
    identity = {
        "aws:principalarn": principal.role_arn or principal.arn,
        "aws:principalaccount": principal.account_id,
    }
    return {
        "aws:currenttime": datetime.now(timezone.utc).isoformat(),
        "aws:requestedregion": gateway.region,
        "aws:resourceaccount": gateway.account_id,
        "aws:securetransport": "true",
        "aws:sourceip": request.remote_addr or "127.0.0.1",
        "aws:useragent": request.headers.get("User-Agent", ""),
        "aws:viaawsservice": "false",
        **{name: value for name, value in identity.items() if value},
    }
