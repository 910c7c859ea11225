"""The role a gateway assumes: whom it trusts, and exactly what each target needs of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from agentcore_provider import credential_kinds, target_kinds
from agentcore_provider.credential_kinds import GATEWAY_ROLE, OAUTH
from agentcore_provider.problem import Problem
from agentcore_provider.target_kinds.role_needs import NOTHING, Needs, Place, Statement, allow, exact
from agentcore_provider.target_kinds.target_kind import Call, at

SERVICE = "bedrock-agentcore.amazonaws.com"
SOURCE = "devguide gateway-prerequisites-permissions"
_OUTBOUND = "devguide gateway-outbound-auth"
_INTERCEPTORS = "devguide gateway-interceptors"
# AWS's CDK lets the role read the object; one account saw it read with the credentials of whoever deploys.
_SCHEMA = "https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_bedrockagentcore.ApiSchema.html; aws/agentcore-cli#1241"
# Grants by which the gateway acts for whoever calls it, whose token it hands in for one of its own.
_FOR_THE_CALLER = frozenset({"AUTHORIZATION_CODE", "TOKEN_EXCHANGE"})


class Policy(TypedDict):
    """A policy document of IAM."""

    Version: str
    Statement: list[Statement]


def trust_policy(*, partition: str, region: str, account_id: str, gateway_name: str | Sequence[str]) -> Policy:
    """Who may assume the role: the service, for this gateway alone, or for these.

    One statement: a second one without the conditions would make them void. The gateway's ARN begins with its
    lower-cased name, so this holds before the gateway exists.
    """
    arns = _gateways(Place(partition, region, account_id), gateway_name)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": SERVICE},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": account_id},
                    "ArnLike": {"aws:SourceArn": arns[0] if len(arns) == 1 else arns},
                },
            }
        ],
    }


def statements(
    target_configuration: Mapping[str, object],
    credential_provider_configurations: Sequence[Mapping[str, object]] | None,
    *,
    partition: str,
    region: str,
    account_id: str,
    gateway_name: str | Sequence[str] | None = None,
    secret_id: str | None = None,
    resources: Sequence[str] = (),
) -> list[Statement]:
    """What the role needs for one target, as IAM statements on exact ARNs. None at all for a target that needs none.

    gateway_name: narrows workload identities to those of gateways of this name, or these; without it, to all of the account's.
    secret_id: name or ARN of the credential's secret, if it is not the one that AWS keeps for the credential provider.
    resources: ARNs that the target may touch, where its document does not name them.
    """
    place = Place(partition, region, account_id)
    found = needs(
        target_configuration,
        credential_provider_configurations,
        place,
        gateway_name=gateway_name,
        secret_id=secret_id,
        resources=resources,
    )
    return list(found.statements)


def needs(
    target_configuration: Mapping[str, object],
    credential_provider_configurations: Sequence[Mapping[str, object]] | None,
    place: Place,
    *,
    gateway_name: str | Sequence[str] | None = None,
    secret_id: str | None = None,
    resources: Sequence[str] = (),
    with_identity: bool = True,
) -> Needs:
    """The same as `statements`, with what the statements leave open, what is not known, and where it is written.

    with_identity: False leaves out what all targets with a credential of a provider need alike: `identity_statements`.
    """
    found = NOTHING
    given = credential_provider_configurations or ()
    own = next((it for it in given if credential_kinds.of(it) is GATEWAY_ROLE), None)
    kind = target_kinds.of(target_configuration)
    if own is not None or kind is target_kinds.LAMBDA:
        signing = GATEWAY_ROLE.members(own or {})
        gateways = _gateways(place, gateway_name) if gateway_name else [place.arn("bedrock-agentcore", "gateway/*")]
        content = kind.content(target_configuration) if kind else None
        if kind and isinstance(content, Mapping):
            found += kind.needs(Call(content, place, gateways, signing, resources))
        elif target_kinds.branch(target_configuration)[1]:
            found += Needs(unknown=("this kind of target",))
    for one in given:
        found += _credential(one, place, secret_id)
        if with_identity and takes_credential([one]):
            for_caller = OAUTH.members(one).get("grantType") in _FOR_THE_CALLER
            found += Needs(tuple(identity_statements(place, gateway_name, for_caller=for_caller)), sources=(_OUTBOUND,))
    return found + _schema(target_configuration, place)


def takes_credential(credential_provider_configurations: object) -> bool:
    """Whether any of these is kept by a credential provider, which the gateway's identity has to ask for it."""
    listed = credential_provider_configurations if isinstance(credential_provider_configurations, (list, tuple)) else ()
    kinds = (credential_kinds.of(it) for it in listed if isinstance(it, Mapping))
    return any(kind is not None and kind.provider is not None for kind in kinds)


def identity_statements(
    place: Place, gateway_name: str | Sequence[str] | None, *, for_caller: bool = True
) -> list[Statement]:
    """What the role needs to ask for credentials as the gateway: beside each provider and its secret.

    AWS evaluates each of these resources separately. for_caller: also on behalf of whoever calls, by their token.
    """
    directory = place.arn("bedrock-agentcore", "workload-identity-directory/default")
    beginnings = [f"{it}-" for it in _lower(gateway_name)] if gateway_name else [""]
    identities = [f"{directory}/workload-identity/{it}*" for it in beginnings]
    vault = place.arn("bedrock-agentcore", "token-vault/default")
    tokens = ["GetWorkloadAccessToken", *(["GetWorkloadAccessTokenForJWT"] if for_caller else [])]
    actions = [f"bedrock-agentcore:{it}" for it in (*tokens, "GetResourceApiKey", "GetResourceOauth2Token")]
    return [allow(actions, directory, *identities, vault)]


def doubts(found: Needs, resources: Sequence[str] = ()) -> list[Problem]:
    """What whoever deploys should know of a role's permissions for one target, as warnings.

    found: what the target needs. resources: those that were given.
    """
    problems = [
        Problem(
            "resources",
            f"none are given, so the role may do {it}",
            "Give the ARNs that the target may touch: resources=[...], in a stack file `resources:`",
            SOURCE,
            severity="warning",
        )
        for it in found.left_open
    ]
    problems += [
        Problem(
            "role_arn",
            f"no permission is known for {it}, so the role gets none",
            "If one is needed, give it to the role: GatewayRole(..., statements=[...]), McpGateway(..., role_statements=[...]), "
            "in a stack file `role_statements:` of the gateway",
            SOURCE,
            severity="warning",
        )
        for it in found.unknown
    ]
    if resources and not found.narrowed:
        problems.append(
            Problem(
                "resources",
                "are not used: the target itself names what the role may touch, or nothing is known of it",
                "Leave them out",
                SOURCE,
                severity="warning",
            )
        )
    return problems


def interceptor_statements(interceptor_configurations: object) -> list[Statement]:
    """What the role needs for a gateway's interceptors: to invoke their functions."""
    listed = interceptor_configurations if isinstance(interceptor_configurations, (list, tuple)) else ()
    arns = sorted({str(arn) for one in listed if (arn := at(one, "interceptor", "lambda", "arn"))})
    return list(exact("lambda:InvokeFunction", *arns, source=_INTERCEPTORS).statements) if arns else []


def transform_statements(custom_transform_configuration: object) -> list[Statement]:
    """What the role needs for a gateway's own transformation: to invoke its function (API reference, UpdateGateway)."""
    arn = at(custom_transform_configuration, "lambda", "arn")
    return [allow("lambda:InvokeFunction", str(arn))] if arn else []


def policy_engine_statements(
    policy_engine_configuration: object,
    *,
    partition: str,
    region: str,
    account_id: str,
    gateway_name: str | Sequence[str],
) -> list[Statement]:
    """What the role needs for a gateway's policy engine (devguide policy-permissions)."""
    engine = at(policy_engine_configuration, "arn")
    if not engine:
        return []
    engine = str(engine)
    gateways = _gateways(Place(partition, region, account_id), gateway_name)
    return [
        allow("bedrock-agentcore:GetPolicyEngine", engine),
        allow(["bedrock-agentcore:AuthorizeAction", "bedrock-agentcore:PartiallyAuthorizeActions"], engine, *gateways),
    ]


def key_statements(
    kms_key_arn: object, *, partition: str, region: str, account_id: str, gateway_name: str | Sequence[str]
) -> list[Statement]:
    """What the role needs of the key that encrypts a gateway (devguide gateway-encryption).

    The key's own policy has to allow the same, unless it leaves it to the account's IAM policies, as keys do by default.
    """
    if not isinstance(kms_key_arn, str) or not kms_key_arn:
        return []
    place = Place(partition, region, account_id)
    through = {"kms:ViaService": f"bedrock-agentcore.{region}.{place.domain}"}
    arns = _gateways(place, gateway_name)
    of_gateway = {"kms:EncryptionContext:aws:bedrock-agentcore-gateway:arn": arns[0] if len(arns) == 1 else arns}
    granted = {"ForAllValues:StringEquals": {"kms:GrantOperations": ["Decrypt", "GenerateDataKey"]}}
    subset = {"kms:GrantConstraintType": "EncryptionContextSubset"}
    return [
        allow("kms:DescribeKey", kms_key_arn, condition={"StringEquals": through}),
        allow(
            ["kms:Decrypt", "kms:GenerateDataKey"],
            kms_key_arn,
            condition={"StringEquals": through, "StringLike": of_gateway},
        ),
        allow(
            "kms:CreateGrant",
            kms_key_arn,
            condition={"StringEquals": through | subset, "StringLike": of_gateway, **granted},
        ),
    ]


def gateway_statements(
    gateway: Mapping[str, object], *, partition: str, region: str, account_id: str, gateway_name: str | Sequence[str]
) -> dict[str, list[Statement]]:
    """What the role needs for the gateway itself, by what needs it. gateway: CreateGateway's input."""
    place = {"partition": partition, "region": region, "account_id": account_id}
    return {
        "interceptors": interceptor_statements(gateway.get("interceptorConfigurations")),
        "policy engine": policy_engine_statements(
            gateway.get("policyEngineConfiguration"), **place, gateway_name=gateway_name
        ),
        "transformation": transform_statements(gateway.get("customTransformConfiguration")),
        "key": key_statements(gateway.get("kmsKeyArn"), **place, gateway_name=gateway_name),
    }


def _gateways(place: Place, names: str | Sequence[str]) -> list[str]:
    """ARNs of all gateways whose names are these, whatever their ids end in."""
    return [place.arn("bedrock-agentcore", f"gateway/{name}-*") for name in _lower(names)]


def _lower(names: str | Sequence[str]) -> list[str]:
    return [name.lower() for name in ([names] if isinstance(names, str) else names)]


def schema_statements(configuration: Mapping[str, object], place: Place) -> list[Statement]:
    """What reading a target's schema in S3 needs."""
    return list(_schema(configuration, place).statements)


def _schema(configuration: Mapping[str, object], place: Place) -> Needs:
    """What reading a schema in S3 needs."""
    needs = NOTHING
    for uri in sorted(set(_schema_uris(configuration))):
        needs += exact("s3:GetObject", f"arn:{place.partition}:s3:::{uri.removeprefix('s3://')}", source=_SCHEMA)
    return needs


def _schema_uris(value: object) -> list[str]:
    if not isinstance(value, Mapping):
        return []
    uri = at(value, "s3", "uri")
    below = [found for it in value.values() for found in _schema_uris(it)]
    return [uri, *below] if isinstance(uri, str) and uri.startswith("s3://") else below


def _credential(configuration: Mapping[str, object], place: Place, secret_id: str | None) -> Needs:
    """What the role needs of the credential provider that keeps an API key or makes an OAuth token."""
    kind = credential_kinds.of(configuration)
    arn = kind.members(configuration).get("providerArn") if kind else None
    if kind is None or kind.provider is None or not isinstance(arn, str):
        return NOTHING
    provider = kind.provider
    if secret_id is None:
        name = arn.rpartition(f"/{provider.arn_type}/")[2] or "*"
        secret_id = f"bedrock-agentcore-identity!default/{provider.secret}/{name}"
    # The ARN of a secret ends in a hyphen and six characters that nobody chooses.
    read = secret_id if secret_id.startswith("arn:") else place.arn("secretsmanager", f"secret:{secret_id}-*")
    return Needs((allow(provider.action, arn), allow("secretsmanager:GetSecretValue", read)), sources=(_OUTBOUND,))
