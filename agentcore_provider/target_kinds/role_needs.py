"""What a gateway's role needs for one thing: statements, what they leave open, and what is not known; needs add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Statement = dict[str, object]


@dataclass(frozen=True)
class Needs:
    """statements: IAM statements, on exact ARNs where these are known.
    left_open: what the statements allow on more than the target needs, a phrase each: "dynamodb:GetItem on every resource".
    unknown: what no permission is known for, a phrase each. narrowed: whether the user's resources replaced all resources.
    sources: where the permissions are documented.
    """

    statements: tuple[Statement, ...] = ()
    left_open: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    narrowed: bool = False
    sources: tuple[str, ...] = ()

    def __add__(self, other: Needs) -> Needs:
        return Needs(
            self.statements + other.statements,
            self.left_open + other.left_open,
            self.unknown + other.unknown,
            self.narrowed or other.narrowed,
            tuple(dict.fromkeys(self.sources + other.sources)),
        )


NOTHING = Needs()


@dataclass(frozen=True)
class Place:
    """Partition, Region and account, as ARNs need them."""

    partition: str
    region: str
    account_id: str

    def arn(self, service: str, resource: str, *, region: str | None = None, account_id: str | None = None) -> str:
        """ARN of a resource here, or in another Region or account."""
        where = self.region if region is None else region
        return f"arn:{self.partition}:{service}:{where}:{account_id or self.account_id}:{resource}"

    @property
    def domain(self) -> str:
        """What the names of AWS's hosts end in."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"


def allow(actions: str | Sequence[str], *resources: str, condition: Mapping[str, object] | None = None) -> Statement:
    """A statement that allows the actions on the resources."""
    return {
        "Effect": "Allow",
        "Action": actions if isinstance(actions, str) else list(actions),
        "Resource": resources[0] if len(resources) == 1 else list(resources),
        **({"Condition": dict(condition)} if condition else {}),
    }


def exact(actions: str | Sequence[str], *resources: str, source: str) -> Needs:
    """The actions on resources that the target itself names."""
    return Needs((allow(actions, *resources),), sources=(source,))


def within(
    given: Sequence[str],
    actions: str | Sequence[str],
    *otherwise: str,
    what: str,
    source: str,
    condition: Mapping[str, object] | None = None,
) -> Needs:
    """The actions on resources that the target does not name: on the given ones, else on all, which left_open then states.

    what: the resources that are otherwise allowed, such as "every table".
    """
    if given:
        return Needs((allow(actions, *given, condition=condition),), narrowed=True, sources=(source,))
    names = actions if isinstance(actions, str) else ", ".join(actions)
    return Needs(
        (allow(actions, *otherwise, condition=condition),), left_open=(f"{names} on {what}",), sources=(source,)
    )
