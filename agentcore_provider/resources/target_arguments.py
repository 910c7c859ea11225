"""What the arguments of a GatewayTarget mean: the target's document, its credentials, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from agentcore_provider import target_kinds
from agentcore_provider.arguments import gateway_target as arguments
from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources import inline_schema
from agentcore_provider.resources.aws_access import AwsAccess
from agentcore_provider.resources.declaration import Problems, require_limits
from agentcore_provider.resources.lambda_function import made_of
from agentcore_provider.resources.target_record import Accepting
from agentcore_provider.resources.targets.builtin import Builtin
from agentcore_provider.resources.targets.lambda_function import LambdaCode
from agentcore_provider.resources.targets.schema_source import built_late
from agentcore_provider.resources.targets.target import holds_output


def with_function(
    target: object, name: str, opts: pulumi.ResourceOptions, access: AwsAccess, problems: Problems
) -> object:
    """The target with a function made of its code; None if there is none because of a problem."""
    if not isinstance(target, LambdaCode):
        return target
    try:
        return made_of(target, name, opts=opts, **access.arguments)
    except InvalidInput as error:
        problems.add(error.below("target"))
        return None


def configuration_of(target: object, problems: Problems) -> object:
    """AWS's document of the target; None if there is none because of a problem."""
    if isinstance(target, pulumi.Output):
        return target.apply(lambda known: built_late(lambda: inline_schema.as_text(known)))
    if isinstance(target, Mapping):
        try:
            require_limits("target", target)
            return inline_schema.as_text(target)
        except InvalidInput as error:
            problems.add(error)
            return None
    if isinstance(target, type) or not hasattr(target, "target_configuration"):
        problems.add(
            InvalidInput(
                f"is {type_of(target)}",
                "Give a record of targets, such as targets.OpenApi(...), or AWS's targetConfiguration document",
                path="target",
            )
        )
        return None
    record = type(target).__name__
    try:
        if isinstance(target, Accepting):
            target.require_bools()
        document = target.target_configuration()
        require_limits("target", document)
        return document
    except InvalidInput as error:
        problems.add(error)
    except RecursionError:
        problems.add(
            InvalidInput(f"an argument of {record} contains itself", "Write out how deep it goes", path="target")
        )
    except (TypeError, ValueError, AttributeError) as error:
        # A number where a list belongs, and the like: Python's own words beside which record it is.
        problems.add(
            InvalidInput(f"an argument of {record} is of a wrong type ({error})", f"See help({record})", path="target")
        )
    return None


def credentials_of(
    target: object, configuration: object, given: object, problems: Problems
) -> pulumi.Input[list[Any] | None]:
    """AWS's credentialProviderConfigurations: those that are given, else what this kind of target usually takes."""
    if given is None:
        if isinstance(target, (Mapping, pulumi.Output)):
            if target_kinds.of(configuration) is None and holds_output(configuration):
                return pulumi.Output.from_input(configuration).apply(arguments.usual_credentials)
            return arguments.usual_credentials(configuration)
        asked = None if isinstance(target, type) else getattr(target, "credential_provider_configurations", None)
        return None if asked is None else list(asked()) or None
    used: list[Any] = []
    for one in given if isinstance(given, (list, tuple)) else [given]:
        if isinstance(one, (Mapping, pulumi.Output)):
            try:
                require_limits("credentials", one)
                used.append(one)
            except InvalidInput as error:
                problems.add(error)
        elif hasattr(one, "credential_provider_configuration") and not isinstance(one, type):
            try:
                used.append(one.credential_provider_configuration())
            except InvalidInput as error:
                problems.add(error)
        else:
            problems.add(
                InvalidInput(
                    f"is {type_of(one)}",
                    "Give a record of credentials, such as credentials.ApiKey(...), or AWS's document",
                    path="credentials",
                )
            )
    if isinstance(target, Builtin):
        used = [target.completed(one) if isinstance(one, Mapping) else one for one in used]
    return used or None


def are_arns(resources: object, problems: Problems) -> bool:
    """Whether `resources` are ARNs, as far as they are known."""
    if resources is None or isinstance(resources, pulumi.Output):
        return True
    fine = isinstance(resources, (list, tuple)) and all(
        isinstance(it, pulumi.Output) or (isinstance(it, str) and it.startswith("arn:")) for it in resources
    )
    fine = fine and bool(resources)
    if not fine:
        problems.add(
            InvalidInput(
                f"is {resources!r}",
                'Give a list of ARNs, such as ["arn:aws:dynamodb:us-west-2:123456789012:table/items"]',
                path="resources",
            )
        )
    return fine


def type_of(given: object) -> str:
    """The type of a value that a program gave, in words."""
    return f"the class {given.__name__} itself" if isinstance(given, type) else f"a {type(given).__name__}"
