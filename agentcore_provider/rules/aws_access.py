"""Region, AWS profile and roles of a resource."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from agentcore_provider.documents.duration import seconds
from agentcore_provider.problem import Problem
from agentcore_provider.rules.unknown import UNKNOWN

_REGIONS = "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html"
_ROLES = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"
_CURE_OF_ROLE = "Write arn:aws:iam::ACCOUNT:role/NAME"
_SESSIONS = "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html"
# Of a session, in seconds.
_SHORTEST, _LONGEST = 900, 43200
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+", re.ASCII)


def validate(access: Mapping[str, Any], profiles: Callable[[], Collection[str]]) -> list[Problem]:
    """What cannot be of region, profile and assume_roles. profiles: returns the names of this machine's."""
    return [
        *_region(access.get("region")),
        *_profile(access.get("profile"), profiles),
        *_roles(access.get("assume_roles")),
    ]


def account(roles: object) -> str | None:
    """The account in which a list of roles ends, each as the aws provider's assumeRoles has it; None if unknown."""
    last = roles[-1] if isinstance(roles, Sequence) and roles else None
    arn = last.get("roleArn") if isinstance(last, Mapping) else None
    return arn.split(":")[4] if isinstance(arn, str) and _ROLE.fullmatch(arn) else None


def role_elsewhere(role_arn: object, account_id: str | None) -> Iterator[Problem]:
    """A problem for a gateway's role of another account than the gateway's. account_id: None if it is not known."""
    of_role = role_arn.split(":")[4] if isinstance(role_arn, str) and _ROLE.fullmatch(role_arn) else None
    if account_id and of_role and of_role != account_id:
        yield Problem(
            "roleArn",
            f"is a role of account {of_role}, and the gateway goes to account {account_id}, whose roles alone it can assume",
            "Declare the GatewayRole with the same profile= or assume_role=, or pass a role of that account",
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
        )


def provider_elsewhere(arn: object, region: str | None, path: str) -> Iterator[Problem]:
    """A warning for a credential provider in another Region than the gateway. region: None if it is not known."""
    parts = arn.split(":") if isinstance(arn, str) else []
    if region and len(parts) > 5 and parts[2] == "bedrock-agentcore" and parts[3] and parts[3] != region:
        yield Problem(
            path,
            f"is a credential provider in {parts[3]}, and the gateway is in {region}: the token vault is "
            "asked by the provider's name, which is of one Region",
            "Use a credential provider in the gateway's Region, and test this target if you keep it",
            "https://docs.aws.amazon.com/bedrock-agentcore/latest/APIReference/API_GetResourceApiKey.html",
            severity="warning",
        )


@lru_cache
def regions() -> frozenset[str]:
    """The Regions that the installed botocore knows, of all partitions."""
    from botocore.loaders import Loader

    partitions = Loader().load_data("partitions")["partitions"]
    return frozenset(region for it in partitions for region in it["regions"] if not region.endswith("-global"))


def _region(region: object) -> Iterator[Problem]:
    if isinstance(region, str) and region and region not in regions():
        near = difflib.get_close_matches(region, regions(), n=1)
        meant = f"Did you mean {near[0]}?" if near else "Write one such as us-west-2."
        cure = f"{meant} For a Region that AWS opened lately, upgrade botocore"
        yield Problem("region", f"{region!r} is not a Region of AWS", cure, _REGIONS)


def _profile(profile: object, profiles: Callable[[], Collection[str]]) -> Iterator[Problem]:
    if isinstance(profile, str) and profile and profile not in profiles():
        yield Problem(
            "profile",
            f"this machine has no AWS profile {profile!r}",
            f"Create it with `aws configure --profile {profile}`, or choose one that `aws configure list-profiles` lists",
            "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html",
        )


def _roles(roles: object) -> Iterator[Problem]:
    for role in roles if isinstance(roles, (list, tuple)) else ():
        if role is UNKNOWN:
            continue
        arn = role.get("roleArn") if isinstance(role, Mapping) else role
        if arn is None:
            yield Problem("assume_role", "has no role_arn", _CURE_OF_ROLE, _ROLES)
        elif arn is not UNKNOWN and not (isinstance(arn, str) and _ROLE.fullmatch(arn)):
            yield Problem("assume_role", f"{arn!r} is not the ARN of a role", _CURE_OF_ROLE, _ROLES)
        if isinstance(role, Mapping):
            yield from _duration(role.get("duration"))


def _duration(duration: object) -> Iterator[Problem]:
    if duration is None or duration is UNKNOWN:
        return
    try:
        fits = isinstance(duration, str) and _SHORTEST <= seconds(duration) <= _LONGEST
    except ValueError:
        fits = False
    if not fits:
        message = f"{duration!r} is not a duration from 15m to 12h"
        yield Problem("assume_role.duration", message, 'Write it with its units, such as "30m" or "1h30m"', _SESSIONS)
