"""GatewayRole: the role a gateway assumes, with exactly the permissions that its targets need."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.providers import naming
from agentcore_provider.resources import aws_access
from agentcore_provider.resources import pulumi_aws as aws
from agentcore_provider.resources.aws_access import AnyRole
from agentcore_provider.resources.declaration import former_names
from agentcore_provider.resources.targets.target import holds_output
from agentcore_provider.rules import execution_role
from agentcore_provider.target_kinds.role_needs import Needs, Place

_LONGEST = 48  # characters of a gateway's name (botocore model bedrock-agentcore-control, GatewayName)
_MOST_CHARACTERS = 10_240  # of all inline policies of a role (IAM user guide, quotas)
_LONGEST_DESCRIPTION = 1000  # characters of a role's (IAM API reference, CreateRole)

# IAM takes no policy without a statement, and whether one is needed can be unknown until AWS has answered.
_NOTHING_TO_ALLOW = {"Sid": "NothingToAllow", "Effect": "Deny", "Action": "none:null", "Resource": "*"}
_ANY_PLACE = Place("aws", "us-west-2", "123456789012")

_Statements = Callable[[Any, dict[str, str], Any], list[dict[str, Any]]]
# Members of a gateway that its role has to do with: ending of the policy's name, and what the policy holds.
_OF_GATEWAY: Mapping[str, tuple[str, _Statements]] = {
    "interceptor_configurations": (
        "interceptors",
        lambda given, place, names: execution_role.interceptor_statements(given),
    ),
    "policy_engine_configuration": (
        "policy-engine",
        lambda given, place, names: execution_role.policy_engine_statements(given, **place, gateway_name=names),
    ),
    "custom_transform_configuration": (
        "transform",
        lambda given, place, names: execution_role.transform_statements(given),
    ),
    "kms_key_arn": (
        "key",
        lambda given, place, names: execution_role.key_statements(given, **place, gateway_name=names),
    ),
}


class RoleArn(pulumi.Output[str]):
    """The ARN of a GatewayRole, by which a Gateway recognizes the role; any other Output of it is an ARN like others."""

    def __init__(self, role: GatewayRole, arn: pulumi.Output[str]) -> None:
        super().__init__(arn.resources(), arn.future(), arn.is_known(), arn.is_secret())  # type: ignore[arg-type]
        self.role = role
        """The role."""


class GatewayRole(pulumi.ComponentResource):
    """The role that a gateway assumes to reach its tools.

    Only AgentCore may assume it, only for gateways of this account and Region whose name begins with `gateway_name`.
    Each GatewayTarget of such a gateway adds one policy with what this target needs and waits for it; a target that is
    removed removes its policy.

    Example:
        ```python
        role = GatewayRole("shop", permissions_boundary="arn:aws:iam::123456789012:policy/agents")
        gateway = Gateway("shop", role_arn=role, authorizer=EzAuth("shop"))
        ```
    """

    arn: RoleArn
    """ARN of the role: a Gateway takes it, or the role itself, as `role_arn`. Known once it is created."""
    name: pulumi.Output[str]
    """Name of the role in IAM. Known once it is created."""

    def __init__(
        self,
        resource_name: str,
        *,
        gateway_name: str | Sequence[str] | None = None,
        name: pulumi.Input[str] | None = None,
        path: pulumi.Input[str] | None = None,
        permissions_boundary: pulumi.Input[str] | None = None,
        statements: Sequence[Mapping[str, Any]] | None = None,
        tags: Mapping[str, pulumi.Input[str]] | None = None,
        region: pulumi.Input[str] | None = None,
        profile: pulumi.Input[str] | None = None,
        assume_role: AnyRole | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        Args:
            resource_name: Logical name.
            gateway_name: Name, logical name or beginning of the name of the gateways that may assume the role, or
                several of them. Default: the role's logical name, and those that its aliases tell. Updates in place.
            name: Name in IAM, up to 64 characters. Default: the logical name and a random ending.
                Changing it replaces the role.
            path: IAM path such as `/agents/`. Default: `/`. Changing it replaces the role.
            permissions_boundary: ARN of the policy that bounds what the role may ever do. Default: none.
                Updates in place.
            statements: Further IAM statements, as AWS writes them, for what no target states.
                Default: none. Updates in place.
            tags: Tags of the role, up to 50. Updates in place.
            region: AWS Region. Default: that of the parent, of an aws.Provider in `opts`, or of the stack. Changing it replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.

        Raises:
            InvalidInput: `statements` is not a list of objects.
        """
        access = aws_access.find(
            GatewayRole, resource_name, opts, region=region, profile=profile, assume_role=assume_role
        )
        super().__init__("agentcore:index:GatewayRole", resource_name, None, access.component(opts))
        self.aws_access = access
        if gateway_name is None:
            gateway_name = [resource_name, *former_names(opts)]
        self._resource_name = resource_name
        self._of_identity: aws.iam.RolePolicy | None = None
        self._sizes: dict[str, int] = {}
        self._is_full = False
        self.gateway_names = _names(gateway_name, resource_name)
        self._trusted = list(dict.fromkeys(map(_trusted, self.gateway_names)))
        lookup = pulumi.InvokeOutputOptions(parent=self)
        here = aws.get_region_output(opts=lookup, **access.arguments)
        self._place: dict[str, pulumi.Output[str]] = {
            "partition": aws.get_partition_output(opts=lookup).partition,
            "region": here.region,
            "account_id": aws.get_caller_identity_output(opts=lookup).account_id,
        }
        self._role = aws.iam.Role(
            f"{resource_name}-gateway",
            assume_role_policy=pulumi.Output.all(**self._place).apply(self._trust),
            description=f"Assumed by AgentCore gateways named {', '.join(self.gateway_names)}"[:_LONGEST_DESCRIPTION],
            name=name,
            path=path,
            permissions_boundary=permissions_boundary,
            tags=tags,
            opts=access.child(self),
        )
        if statements:
            self._policy(f"{resource_name}-further", _statements(resource_name, statements))
        self.arn = RoleArn(self, self._role.arn)
        self.name = self._role.name
        self.register_outputs({"arn": self.arn, "name": self.name})

    @classmethod
    def of(cls, role_arn: object) -> GatewayRole | None:
        """The GatewayRole that a `role_arn` means: the role itself, or the one whose `arn` it is; None for any other."""
        return role_arn.role if isinstance(role_arn, RoleArn) else role_arn if isinstance(role_arn, cls) else None

    def check_gateway_name(self, *names: str) -> None:
        """Check that gateways of these names can assume the role.

        names: explicit or logical name of the gateway, and what it was called before.

        Raises:
            InvalidInput: One of them cannot.
        """
        beginnings = tuple(it.rstrip("*") if it.endswith("*") else f"{it}-" for it in self._trusted)
        for name in names:
            if not any(f"{form.lower()}-".startswith(beginnings) for form in (name, _beginning(name))):
                trusted = " or ".join(f'"{it}"' for it in self.gateway_names)
                wanted = json.dumps(names[0] if len(names) == 1 else names)
                raise InvalidInput(
                    f'Gateway "{name}" cannot assume this GatewayRole, which trusts gateways named {trusted} only',
                    f"Give the role gateway_name={wanted}",
                )

    def other_region(self, region: pulumi.Input[str | None]) -> pulumi.Output[str]:
        """Why a gateway of this Region could not assume the role, once both are known; empty if it could."""
        return pulumi.Output.all(self._place["region"], region).apply(
            lambda known: (
                f"role_arn: this GatewayRole trusts gateways in {known[0]} only, and this gateway goes to {known[1]}. Give "
                f"both the same region= or aws.Provider, or set aws:region to {known[0]}"
                if known[0] and known[1] and known[0] != known[1]
                else ""
            )
        )

    def grant(
        self,
        resource_name: str,
        target_configuration: Any,
        credential_provider_configurations: Any,
        secret_id: pulumi.Input[str | None] | None = None,
        *,
        resources: Any = None,
        schema: Any = None,
    ) -> pulumi.Resource | None:
        """Allows the gateway what one target needs, by one policy of the role; warns of what stays open or is not known.

        resource_name: logical name of the policy: the target's. The next two: AWS's documents, Outputs anywhere.
        secret_id: name or ARN of the credential's secret, if it is the user's own in Secrets Manager.
        resources: ARNs that the target may touch, where its document does not name them.
        schema: targetConfiguration with the schema where AWS reads it, if that is another document.
        Returns the policy, which the target has to wait for; None if the documents show that nothing is needed.
        """
        wanted = {
            "target": target_configuration,
            "credentials": credential_provider_configurations,
            "secret_id": secret_id,
            "resources": resources,
        }

        def needs(known: dict[str, Any], place: Place) -> Needs:
            return execution_role.needs(
                known["target"],
                known["credentials"],
                place,
                gateway_name=self._trusted,
                secret_id=known["secret_id"],
                resources=known["resources"] or (),
                with_identity=False,
            )

        def statements(known: dict[str, Any]) -> list[dict[str, Any]]:
            place = Place(**known["place"])
            found = needs(known, place)
            if known["late"]:
                _warn(resource_name, found, known["resources"])
            read = execution_role.schema_statements(known["schema"], place) if known["schema"] else []
            return [*found.statements, *(it for it in read if it not in found.statements)]

        late = holds_output(wanted)
        if not late:
            # Whether permissions are needed, and which, does not depend on where the target is deployed.
            found = needs(wanted, _ANY_PLACE)
            _warn(resource_name, found, resources)
            if not found.statements and schema is None:
                return None
        known = pulumi.Output.all(**wanted, schema=schema, place=self._place, late=late)
        used = credential_provider_configurations
        asks = isinstance(used, pulumi.Output) or execution_role.takes_credential(used)
        return self._policy(resource_name, known.apply(statements), after=self._identity() if asks else None)

    def grant_gateway(self, resource_name: str, members: Mapping[str, Any]) -> list[pulumi.Resource]:
        """Allows what the gateway itself needs. The contract of `grant`; resource_name is the gateway's.

        members: of the Gateway, in snake_case: interceptor_configurations, policy_engine_configuration,
        custom_transform_configuration, kms_key_arn.
        """
        granted: list[pulumi.Resource] = []
        for member, (ending, statements) in _OF_GATEWAY.items():
            given = members.get(member)
            if given is None or (not isinstance(given, pulumi.Output) and not given):
                continue
            known = pulumi.Output.all(given=given, place=self._place)
            granted.append(self._policy(f"{resource_name}-{ending}", known.apply(self._of_gateway(statements))))
        return granted

    def _identity(self) -> aws.iam.RolePolicy:
        """The policy that all targets with a credential share: IAM counts the characters of a role's policies."""
        if self._of_identity is None:
            name = f"{self._resource_name}-identity"
            place = pulumi.Output.all(**self._place)
            self._of_identity = self._policy(
                name, place.apply(lambda it: execution_role.identity_statements(Place(**it), self._trusted))
            )
        return self._of_identity

    def _of_gateway(self, statements: _Statements) -> Callable[[dict[str, Any]], list[dict[str, Any]]]:
        return lambda known: statements(known["given"], known["place"], self._trusted)

    def _policy(
        self, resource_name: str, statements: pulumi.Input[list[Any]], after: pulumi.Resource | None = None
    ) -> aws.iam.RolePolicy:
        return aws.iam.RolePolicy(
            resource_name,
            role=self._role.name,
            policy=pulumi.Output.from_input(statements).apply(lambda known: self._document(resource_name, known)),
            opts=self.aws_access.child(self, depends_on=[after] if after else []),
        )

    def _document(self, resource_name: str, statements: list[object]) -> str:
        document = {"Version": "2012-10-17", "Statement": statements or [_NOTHING_TO_ALLOW]}
        # IAM does not count white space.
        self._sizes[resource_name] = len(json.dumps(document, separators=(",", ":")))
        taken = sum(self._sizes.values())
        if taken > _MOST_CHARACTERS and not self._is_full:
            self._is_full = True
            pulumi.log.error(
                f"the policies of this GatewayRole have {taken:,} characters and more, and IAM takes {_MOST_CHARACTERS:,} for all "
                "of a role's. Put some targets on another gateway with a role of its own, or attach managed policies to a role of "
                "your own and pass its ARN as role_arn (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)",
                resource=self,
            )
        return json.dumps(document)

    def _trust(self, place: dict[str, Any]) -> str:
        return json.dumps(execution_role.trust_policy(**place, gateway_name=self._trusted))


def _statements(resource_name: str, given: Any) -> list[Mapping[str, Any]]:
    if not isinstance(given, (list, tuple)) or not all(isinstance(it, (Mapping, pulumi.Output)) for it in given):
        raise InvalidInput(
            "is not a list of objects",
            "Give a list of IAM statements, each an object",
            path="statements",
            label=f'GatewayRole "{resource_name}"',
        )
    return list(given)


def _warn(resource_name: str, found: Needs, resources: Any) -> None:
    for it in execution_role.doubts(found, resources or ()):
        pulumi.log.warn(f'target "{resource_name}": {it}')


def _trusted(name: str) -> str:
    """A long logical name is cut in the gateway's name, an explicit one is not: the role trusts both."""
    return _beginning(name) + ("*" if len(name) > _LONGEST - naming.HASH_LENGTH - 1 else "")


def _beginning(name: str) -> str:
    """What the physical name of a gateway begins with, before its hash; name: logical name of the gateway."""
    return naming.physical_name(name, (), longest=_LONGEST)[: -naming.HASH_LENGTH - 1].lower()


def _names(gateway_name: object, resource_name: str) -> list[str]:
    """The names as a list. Raises InvalidInput."""
    names = [gateway_name] if isinstance(gateway_name, str) else gateway_name
    if not isinstance(names, (list, tuple)) or not all(isinstance(it, str) for it in names):
        raise InvalidInput(
            f"is a {type(gateway_name).__name__}, and what the role trusts is named after it",
            "Pass text, or a list of texts, that is known before the deployment",
            path="gateway_name",
            label=f'GatewayRole "{resource_name}"',
        )
    return list(names)
