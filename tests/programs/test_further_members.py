"""Members of AWS's API that have no argument, or an argument of another name: `more`."""

from __future__ import annotations

import json

from tests.support.stack import Stack

API = json.dumps(
    {
        "openapi": "3.0.3",
        "info": {"title": "Shop", "version": "1"},
        "servers": [{"url": "https://shop.example.com"}],
        "paths": {"/orders": {"get": {"operationId": "listOrders", "responses": {"200": {"description": "Orders"}}}}},
    }
)
PROGRAM = """
import json

from agentcore_provider import ApiKeyCredentialProvider, Gateway, GatewayRole, GatewayTarget, targets

API = '''{api}'''
gateway = Gateway("shop", role_arn=GatewayRole("shop"), authorizer="NONE", more={gateway})
GatewayTarget("orders", gateway=gateway, target=targets.OpenApi(json.loads(API)), more={target})
ApiKeyCredentialProvider("key", api_key="k-0123456789", more={key})
"""


def test_names_of_aws_reach_aws_and_others_are_refused(stack: Stack) -> None:
    """In camelCase and in snake_case; a name that the API does not have is refused with the nearest that it has."""
    program = stack.folder / "__main__.py"
    wrong = {
        "gateway": {"domainOveride": {"defaultDomain": "shop.example.com"}},
        "target": {"metadata_configurations": {"allowedRequestHeaders": ["x-shop"]}},
        "key": {"apiKeyy": "k"},
    }
    program.write_text(PROGRAM.format(api=API, **wrong))
    reported = stack.preview(succeeds=False).text
    for name, meant in (
        ("domain_overide", "domainOverride"),
        ("metadata_configurations", "metadataConfiguration"),
        ("api_keyy", "apiKey"),
    ):
        assert f": {name}: is not a member here. Did you mean {meant}?" in reported

    right = {
        "gateway": {"domainOverride": {"defaultDomain": "shop.example.com"}, "exception_level": "DEBUG"},
        "target": {"metadataConfiguration": {"allowedRequestHeaders": ["x-shop"]}},
        "key": {"tags": {"team": "shop"}},
    }
    program.write_text(PROGRAM.format(api=API, **right))
    stack.up()
    control = stack.local_aws.client("bedrock-agentcore-control")
    (gateway,) = control.list_gateways()["items"]
    made = control.get_gateway(gatewayIdentifier=gateway["gatewayId"])
    assert made["domainOverride"] == {"defaultDomain": "shop.example.com"}
    assert made["exceptionLevel"] == "DEBUG"
    place = {"gatewayIdentifier": gateway["gatewayId"]}
    (target,) = control.list_gateway_targets(**place)["items"]
    made = control.get_gateway_target(**place, targetId=target["targetId"])
    assert "x-shop" in made["metadataConfiguration"]["allowedRequestHeaders"]
    assert set(stack.up().changes) == {"same"}
