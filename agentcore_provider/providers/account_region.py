"""Account and Region of a resource: where it is, where the program wants it, and who signs in for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from agentcore_provider.aws.caller import AccountRegion, account_id
from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.aws.cures import PROGRAM, Cures
from agentcore_provider.aws.documents import Document
from agentcore_provider.errors import AgentCoreError
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context, process
from agentcore_provider.providers.unknowns import contains_unknown


@dataclass(frozen=True)
class Move:
    """What of its place the program changed."""

    member: str
    """region or account."""
    message: str
    """What that means, for whoever previews it."""


@dataclass(frozen=True)
class Access:
    """How resources are reached: by their own Region and sign-in, and else by the stack's."""

    stack: Settings | None = None
    """None while the program declares its resources: the engine configures the provider later."""
    cures: Cures = PROGRAM

    def settings(self, properties: Document, before: Document | None = None) -> Settings:
        """How to reach the AWS of a resource. before: properties that have what is not known yet."""
        return (self.stack or Settings()).of_resource(context.access(properties, before))

    def region(self, news: Document) -> str | None:
        """The Region that the program wants a resource in; None if it is not known."""
        if contains_unknown(context.of(news).get("region")):
            return None
        settings = self.settings(news)
        return settings.known_region() if self.stack else settings.region

    def own_account(self, news: Document) -> str | None:
        """The account that the program chose for a resource, where a role, a profile or an aws.Provider names it."""
        own = context.access(news)
        account: str | None = own.get("account")
        chosen = own.get("profile") or own.get("assume_roles")
        return account or (self.settings(news).known_account() if chosen else None)

    def connection(self, here: AccountRegion | None, properties: Document) -> Connection:
        """The connection to the Region where a resource is, or is to be created, shared by all resources there."""
        return self._connect(self.settings(properties), here.region if here else self.region(properties))

    def signs_in_otherwise(self, olds: Document, news: Document) -> bool:
        """Whether a resource has another sign-in than in state, by which refresh and delete sign in."""
        return self.settings(olds).sign_in != self.settings(news, olds).sign_in

    def move(self, what: str, here: AccountRegion | None, olds: Document, news: Document) -> Move | None:
        """Where a resource would have to move to; None if it can stay.

        what: the resource, for the message. AWS is asked for the account only where the sign-in was changed and nothing
        names its account.
        """
        region = self.region(news)
        if here and region and here.region != region:
            return _move("region", what, here.region, region, f"set the Region back to {here.region}")
        account = self._account(here, olds, news) if here and here.account_id else None
        if here and account and account != here.account_id:
            back = f"sign in to account {here.account_id} again"
            return _move("account", what, f"account {here.account_id}", f"account {account}", back)
        return None

    def problem(self, olds: Document, news: Document) -> Problem | None:
        """Why a resource would not get into the account of the aws.Provider that the program chose for it.

        olds: inputs in state; AWS is not asked again while they have the same sign-in.
        """
        wanted = context.access(news).get("account")
        if self.stack is None or not wanted or context.access(olds) == context.access(news):
            return None
        found = self._account_of(self.settings(news), self.region(news))
        if found in (None, wanted):
            return None
        return Problem(
            "provider",
            f"the aws.Provider deploys to account {wanted}, and this resource would go to {found}: of an aws.Provider its "
            "Region and profile can be read, but no roles, keys or endpoints",
            "Pass profile= or assume_role= to the resource, or to the component that it belongs to",
        )

    def _account(self, here: AccountRegion | None, olds: Document, news: Document) -> str | None:
        account: str | None = context.access(news, olds).get("account")
        if account or not self.signs_in_otherwise(olds, news):
            return account
        return self._account_of(self.settings(news, olds), here.region if here else None)

    def _account_of(self, settings: Settings, region: str | None) -> str | None:
        try:
            return settings.known_account() or account_id(self._connect(settings, region))
        except AgentCoreError:
            # The create or update that follows reports it.
            return None

    def _connect(self, settings: Settings, region: str | None) -> Connection:
        return process.connection(replace(settings, region=region), self.cures)


def _move(member: str, what: str, here: str, there: str, back: str) -> Move:
    name = {"region": "Region"}.get(member, member)
    return Move(
        member,
        f"{what} is in {here}, and the {name} to deploy to is now {there}: `pulumi up` makes another one there and deletes "
        f"this one; to keep this one, {back}",
    )
