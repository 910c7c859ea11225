"""The provider of resource policies; the id is the ARN of the resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from agentcore_provider.aws import resource_policy
from agentcore_provider.aws.caller import AccountRegion
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Properties
from agentcore_provider.aws.operation import Operation
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context
from agentcore_provider.providers.lifecycle import CheckedInputs, LifecycleProvider
from agentcore_provider.providers.unknowns import contains_unknown
from agentcore_provider.rules import resource_policy as rules
from agentcore_provider.rules.unknown import UNKNOWN


class Provider(LifecycleProvider):
    resource: ClassVar[str] = "resource_policy"
    label: ClassVar[str] = "resource policy"
    owner_tagged: ClassVar[bool] = False
    arn: ClassVar[str] = "resource_arn"
    whole: ClassVar[frozenset[str]] = frozenset({"policy"})

    def fill_in(self, olds: Properties, news: Properties) -> Properties:
        # A policy has no name.
        return {}

    def check_inputs(self, olds: Properties, news: Properties) -> CheckedInputs:
        """State has IAM's document, whichever form the program has it in."""
        policy = news.get("policy")
        try:
            document = rules.read(policy) if isinstance(policy, str) else policy
        except ValueError as error:
            line = str(Problem("policy", f"is not JSON: {error}", "Pass IAM's document as JSON or as a dict."))
            return CheckedInputs(news, [*context.problems(news), line], [])
        if isinstance(document, list):
            document = rules.with_statements(document)
        return super().check_inputs(olds, {**news, **({} if document is None else {"policy": document})})

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        gateway, arn = context.of(news).get("gateway"), news.get("resource_arn")
        authorizer = gateway.get("authorizerType") if isinstance(gateway, Mapping) else None
        # The program's side has reported a policy that is missing.
        found = rules.validate({"policy": UNKNOWN, **document}, authorizer=authorizer)
        there, here = AccountRegion.of_arn(arn) if isinstance(arn, str) else None, self.region(news)
        if there and here and there.region != here:
            message = f"is in {there.region}, and this resource policy in {here}"
            found.append(Problem("resourceArn", message, f'Pass region="{there.region}".'))
        return found

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return rules.replaces(olds, news)

    def keeps_name(self, olds: Properties, news: Properties) -> bool:
        return bool(news.get("resource_arn") == olds.get("resource_arn"))

    def alike(self, name: str, before: object, now: object) -> bool:
        if name == "policy" and before is not None and not contains_unknown(now):
            return resource_policy.alike(before, now)
        return super().alike(name, before, now)

    def create_in_aws(self, operation: Operation, news: Properties) -> tuple[str, Properties]:
        made = resource_policy.create(operation, news)
        return str(made["resource_arn"]), made

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        found = resource_policy.find(connection, identifier)
        if found is None:
            return None
        declared = inputs.get("policy")
        policy = declared if declared is not None and resource_policy.alike(found, declared) else found
        return {"resource_arn": identifier, "policy": policy}

    def update_in_aws(self, operation: Operation, identifier: str, olds: Properties, news: Properties) -> Properties:
        return resource_policy.update(operation, news)

    def delete_from_aws(self, operation: Operation, identifier: str, outputs: Properties) -> None:
        resource_policy.delete(operation, identifier)
