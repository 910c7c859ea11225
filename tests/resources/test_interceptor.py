"""Interceptors as records, beside AWS's own documents."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from agentcore_provider import Gateway, GatewayRole, Interceptor
from agentcore_provider.rules import service_model

ARN = "arn:aws:lambda:us-west-2:123456789012:function:guard"
FUNCTION = {"interceptor": {"lambda": {"arn": ARN}}}
DOCUMENTS = [
    (Interceptor(ARN), {**FUNCTION, "interceptionPoints": ["REQUEST"]}),
    (
        Interceptor(ARN, points=("REQUEST", "RESPONSE"), pass_headers=True, payload_filter=["RESPONSE_BODY"]),
        {
            **FUNCTION,
            "interceptionPoints": ["REQUEST", "RESPONSE"],
            "inputConfiguration": {
                "passRequestHeaders": True,
                "payloadFilter": {"exclude": [{"field": "RESPONSE_BODY"}]},
            },
        },
    ),
    (
        Interceptor(ARN, points=["RESPONSE"], response="STREAM", max_events_per_invocation=8),
        {
            **FUNCTION,
            "interceptionPoints": ["RESPONSE"],
            "responseInterceptionMode": "STREAM",
            "responseStreamingConfiguration": {"maxEventsPerInvocation": 8},
        },
    ),
]


@pytest.mark.parametrize(("record", "document"), DOCUMENTS)
def test_a_record_builds_the_document(record: Interceptor, document: dict[str, Any]) -> None:
    """Everything that AWS's model of an interceptor has."""
    assert record.document() == document
    assert service_model.validate([record.document()], "GatewayInterceptorConfigurations") == []


def test_a_function_of_the_program_is_allowed(declare: Any) -> None:
    """A record and a document side by side; the role may invoke both functions."""

    def program() -> Any:
        function = aws.lambda_.Function("guard", role="arn:aws:iam::123456789012:role/guard")
        other = {"interceptor": {"lambda": {"arn": f"{ARN}-2"}}, "interceptionPoints": ["RESPONSE"]}
        return Gateway(
            "shop",
            role_arn=GatewayRole("shop"),
            authorizer="NONE",
            interceptor_configurations=[Interceptor(function), other],
        ).gateway_id

    declared = declare(program)
    [gateway] = declared.of("agentcore:Gateway").values()
    arns = [it["interceptor"]["lambda"]["arn"] for it in gateway["interceptor_configurations"]]
    assert arns[1] == f"{ARN}-2"
    assert declared.policy("shop-interceptors")[0]["Resource"] == sorted(arns)


@pytest.mark.parametrize("points", ["REQUEST", ("REQUEST",), ["REQUEST"]])
def test_one_point_may_be_written_alone(points: Any) -> None:
    assert Interceptor(ARN, points=points).document() == {**FUNCTION, "interceptionPoints": ["REQUEST"]}


def test_records_may_come_in_an_output(declare: Any) -> None:
    """As soon as they are known."""

    def program() -> Any:
        known = pulumi.Output.from_input(ARN).apply(lambda arn: [Interceptor(arn)])
        role = "arn:aws:iam::123456789012:role/own"
        return Gateway("shop", role_arn=role, authorizer="NONE", interceptor_configurations=known).gateway_id

    [gateway] = declare(program).of("agentcore:Gateway").values()
    assert gateway["interceptor_configurations"] == [{**FUNCTION, "interceptionPoints": ["REQUEST"]}]
