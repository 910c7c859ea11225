"""The IAM actions of a Smithy model's operations, and which of them IAM allows on single resources.

Names and resources of actions: https://docs.aws.amazon.com/service-authorization/latest/reference/, pages on DynamoDB,
CloudWatch and Bedrock. Of traits: https://smithy.io/2.0/aws/aws-iam.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agentcore_provider.documents import smithy_model
from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.documents.reading import parsed
from agentcore_provider.target_kinds.role_needs import Needs, allow

SOURCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"

_PARTIQL = tuple(f"dynamodb:PartiQL{it}" for it in ("Delete", "Insert", "Select", "Update"))
_OTHERWISE_NAMED: Mapping[str, Sequence[str]] = {
    "bedrock:Converse": ("bedrock:InvokeModel",),
    "bedrock:ConverseStream": ("bedrock:InvokeModelWithResponseStream",),
    "dynamodb:BatchExecuteStatement": _PARTIQL,
    "dynamodb:ExecuteStatement": _PARTIQL,
    "dynamodb:ExecuteTransaction": _PARTIQL,
    "dynamodb:TransactGetItems": ("dynamodb:GetItem",),
    "dynamodb:TransactWriteItems": (
        "dynamodb:ConditionCheckItem",
        "dynamodb:DeleteItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
    ),
}
"""Operations that IAM knows by other names."""

_ON_ALL = frozenset(
    {
        *("bedrock:CreateSession", "bedrock:GenerateQuery", "bedrock:InvokeInlineAgent", "bedrock:ListSessions"),
        *("bedrock:OptimizePrompt", "bedrock:Rerank", "bedrock:RetrieveAndGenerate"),
        *("cloudwatch:DescribeAlarmsForMetric", "cloudwatch:DescribeAnomalyDetectors"),
        *("cloudwatch:DescribeInsightRules", "cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics"),
        *("cloudwatch:GetMetricWidgetImage", "cloudwatch:ListDashboards", "cloudwatch:ListManagedInsightRules"),
        *("cloudwatch:ListMetricStreams", "cloudwatch:ListMetrics", "cloudwatch:PutMetricData"),
        *("dynamodb:DescribeEndpoints", "dynamodb:DescribeLimits", "dynamodb:ListBackups", "dynamodb:ListExports"),
        *("dynamodb:ListContributorInsights", "dynamodb:ListGlobalTables", "dynamodb:ListImports"),
        *("dynamodb:ListStreams", "dynamodb:ListTables"),
    }
)
"""Actions that IAM allows on all resources or on none."""

# Services whose actions have another prefix than their signature has a name.
_PREFIX = {"monitoring": "cloudwatch"}


def of_model(inline: object, resources: Sequence[str]) -> Needs:
    """What the operations of a model need; resources: ARNs that they may touch. Nothing if it cannot be read."""
    found = actions(inline)
    if found is None:
        return Needs()
    if not found:
        return Needs(unknown=("a Smithy model that does not name its service by aws.api#service or aws.auth#sigv4",))
    single = [it for it in found if it not in _ON_ALL]
    if not resources:
        left_open = (f"{', '.join(single)} on every resource",) if single else ()
        return Needs((allow(found, "*"),), left_open, sources=(SOURCE,))
    on_all = [it for it in found if it in _ON_ALL]
    narrowed = (allow(single, *resources),) if single else ()
    return Needs(narrowed + ((allow(on_all, "*"),) if on_all else ()), narrowed=bool(single), sources=(SOURCE,))


def actions(inline: object) -> list[str] | None:
    """The IAM actions of the operations; None for a model that cannot be read."""
    try:
        model = parsed(inline, yaml=False) if isinstance(inline, str) else inline
    except Unreadable:
        return None
    if not isinstance(model, Mapping):
        return None
    try:
        shapes = smithy_model.flattened(_object(model.get("shapes")))
    except Unreadable:
        return None
    found: set[str] = set()
    for _, service in smithy_model.services(shapes):
        traits = smithy_model.traits(service)
        signed = _object(traits.get("aws.auth#sigv4")).get("name")
        namespace = _object(traits.get("aws.api#service")).get("arnNamespace") or _PREFIX.get(str(signed), signed)
        for operation in smithy_model.operations(service, shapes) if namespace else ():
            name = _iam_name(smithy_model.traits(shapes.get(operation))) or operation.rpartition("#")[2]
            found.update(_OTHERWISE_NAMED.get(f"{namespace}:{name}", (f"{namespace}:{name}",)))
    return sorted(found)


def _iam_name(traits: Mapping[str, object]) -> object:
    return traits.get("aws.iam#actionName") or _object(traits.get("aws.iam#iamAction")).get("name")


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
