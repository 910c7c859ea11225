"""The IAM actions of a Smithy model's operations, and which of them IAM allows on single resources.

Names and resources of actions: https://docs.aws.amazon.com/service-authorization/latest/reference/, pages on DynamoDB,
CloudWatch and Bedrock. Of traits: https://smithy.io/2.0/aws/aws-iam.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

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
    for shape in map(_object, shapes.values()):
        traits = _object(shape.get("traits"))
        described = _object(traits.get("aws.api#service"))
        signed = _object(traits.get("aws.auth#sigv4")).get("name")
        namespace = described.get("arnNamespace") or _PREFIX.get(str(signed), signed)
        if shape.get("type") != "service" or not namespace:
            continue
        for operation in [*_list(shape.get("operations")), *_of_resources(shape, shapes)]:
            target = str(_object(operation).get("target", ""))
            name = _iam_name(_object(_object(shapes.get(target)).get("traits"))) or target.rpartition("#")[2]
            found.update(_OTHERWISE_NAMED.get(f"{namespace}:{name}", (f"{namespace}:{name}",)))
    return sorted(found)


def _iam_name(traits: Mapping[str, object]) -> object:
    return traits.get("aws.iam#actionName") or _object(traits.get("aws.iam#iamAction")).get("name")


def _of_resources(owner: Mapping[str, object], shapes: Mapping[str, object]) -> Iterator[object]:
    """Operations bound to the resources of a service, and to the resources of these."""
    visited: set[str] = set()
    waiting = [owner]
    while waiting:
        for reference in map(_object, _list(waiting.pop().get("resources"))):
            target = str(reference.get("target"))
            if target in visited:
                continue
            visited.add(target)
            resource = _object(shapes.get(target))
            waiting.append(resource)
            for lifecycle in ("create", "put", "read", "update", "delete", "list"):
                if lifecycle in resource:
                    yield resource[lifecycle]
            for several in ("operations", "collectionOperations"):
                yield from _list(resource.get(several))


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
