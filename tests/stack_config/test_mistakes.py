"""Every problem in a stack file is reported in one line with its path and its cure, all at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.session import get_session

from agentcore_provider import stack_config
from agentcore_provider.errors import InvalidInput

REPOSITORY = Path(__file__).parents[2]
FUNCTION = "{lambda: {arn: 'arn:aws:lambda:us-west-2:123456789012:function:orders'}}"

# What stands in the file, where the problem is, and what is reported about it.
PROBLEMS = [
    # shape
    ("shop", "", "must be a mapping, not text"),
    ("[]", "", "must be a mapping, not a list"),
    ("shop:", ".shop", "must be a mapping, not empty"),
    ("shop: {}", ".shop", "targets is missing. Add `targets:`"),
    # keys
    ("shop: {targets: {}, descripton: Shop}", ".shop.descripton", "Did you mean description?"),
    ("shop: {targets: {}, roleArn: x}", ".shop.roleArn", "Did you mean role_arn?"),
    ("shop: {targets: {}, zzz: 1}", ".shop.zzz", "Known here: adopt, assume_role, authorizer, "),
    ("shop: {targets: {orders: {lamda: {}}}}", ".shop.targets.orders.lamda", "Did you mean lambda?"),
    (
        "shop: {targets: {orders: {}}}",
        ".shop.targets.orders",
        "does not say which kind of target it is. Add lambda, openapi, smithy or mcp_server, or another one of docs/stack-files.md.",
    ),
    (
        f"shop: {{targets: {{orders: {{lambda: {FUNCTION[9:-1]}, target_configuration: {{}}}}}}}}",
        ".shop.targets.orders",
        "has lambda and target_configuration. Keep one",
    ),
    ("shop: {targets: {o: {lambda: {tools: a.json}}}}", ".shop.targets.o.lambda", "has neither arn nor code"),
    (
        "shop: {targets: {o: {mcp_server: 'https://a.example/mcp', tools_lock: 5}}}",
        ".shop.targets.o.tools_lock",
        "must be true or false or text, not the number 5",
    ),
    (
        "shop: {targets: {}, observe: {alarms: {latency: 0}}}",
        ".shop.observe.alarms.latency",
        "0 is too little. Write more than 0.",
    ),
    (
        "shop: {targets: {o: {lambda: {arn: 'arn:aws:lambda:us-west-2:123456789012:function:o', timeout: 3}}}}",
        ".shop.targets.o.lambda.timeout",
        "goes only with code",
    ),
    # sign-in
    (
        "shop: {targets: {}, authorizer: {ez_auth: {people: {id_token_validity_seconds: 1}}}}",
        ".shop.authorizer.ez_auth.people.id_token_validity_seconds",
        "is 1, and id tokens last five minutes to one day",
    ),
    (
        "shop: {targets: {}, authorizer: {ez_auth: {people: {callback_urls: ['https://a.example/', 'http://a.example/']}}}}",
        ".shop.authorizer.ez_auth.people.callback_urls[1]",
        "http is accepted for localhost",
    ),
    (
        "shop: {targets: {}, authorizer: {ez_auth: {scopes: [invoke, 'a b']}}}",
        ".shop.authorizer.ez_auth.scopes[1]",
        "",
    ),
    (
        "shop: {targets: {}, authorizer: {ez_auth: {people: true, rotate_on: a, secret_in_secrets_manager: true}}}",
        ".shop.authorizer.ez_auth.rotate_on",
        "",
    ),
    # what is in front
    ("shop: {targets: {}, domain: {domain_name: tools.example.com}}", ".shop.domain", "zone_id is missing"),
    ("shop: {targets: {}, domain: {domain_name: tools, zone_id: Z1}}", ".shop.domain.domain_name", "a domain"),
    ("shop: {targets: {}, web_acl: shop}", ".shop.web_acl", "the ARN of a regional web ACL"),
    # what is observed
    (
        "shop: {targets: {}, observe: {logs: false, traces: false}}",
        ".shop.observe",
        "has neither logs, traces, a dashboard nor alarms. Leave it out, or turn one on",
    ),
    ("shop: {targets: {}, observe: {alarms: {latencies: 1}}}", ".shop.observe.alarms", "latencies"),
    (
        "shop: {targets: {}, observe: {alarm_actions: ['arn:x']}}",
        ".shop.observe.alarm_actions",
        "goes only with alarms",
    ),
    # names
    ("pay_ments: {targets: {}}", ".pay_ments", "Write pay-ments."),
    (f"shop: {{targets: {{my_orders: {FUNCTION}}}}}", ".shop.targets.my_orders", "Write my-orders."),
    # values
    ("shop: {targets: {}, search: 'true'}", ".shop.search", "must be true or false, not text. Write it without"),
    ("shop: {targets: {}, tags: {version: 1.0}}", ".shop.tags.version", 'Put it in quotes: "1.0"'),
    ("shop: {targets: {}, description: ''}", ".shop.description", "is empty"),
    (
        f"shop: {{targets: {{}}, description: {'x' * 201}}}",
        ".shop.description",
        "has 201 characters. Shorten it to 200",
    ),
    (
        "shop: {targets: {o: {connector: {connector_id: web-search, version: '1'}}}}",
        ".shop.targets.o.connector.version",
        "has 1 character. Write at least 5",
    ),
    (
        f"shop: {{targets: {{o: {{lambda: {FUNCTION[9:-1]}, resources: [orders]}}}}}}",
        ".shop.targets.o.resources[0]",
        '"orders" is not an ARN. Write something like arn:aws:dynamodb:',
    ),
    (
        "shop: {protocol_type: null, targets: {o: {agent_runtime: {arn: orders}}}}",
        ".shop.targets.o.agent_runtime.arn",
        "is 'orders', which does not match arn:aws",
    ),
    (
        "shop: {protocol_type: null, targets: {o: {agent_runtime: {qualifier: prod}}}}",
        ".shop.targets.o.agent_runtime",
        "arn is missing. Add `arn:` (ARN of the runtime).",
    ),
    ("shop: {targets: {}, role_arn: shop-role}", ".shop.role_arn", "something like arn:aws:iam::123456789012:role/"),
    ("shop: {targets: {}, exception_level: debug}", ".shop.exception_level", "is not a choice"),
    ("shop: {targets: {o: {lambda: {arn: orders}}}}", ".shop.targets.o.lambda.arn", "is not the ARN of a Lambda"),
    (
        "shop: {targets: {o: {mcp_server: {endpoint: 'https://a.example.com', listing_mode: DYNAMIC}}}}",
        ".shop.targets.o.mcp_server.listing_mode",
        "DYNAMIC cannot be combined with the gateway's semantic search",
    ),
    (
        "shop: {targets: {o: {lambda: {code: c, timeout: 1000}}}}",
        ".shop.targets.o.lambda.timeout",
        "1000 is too much. Write at most 900",
    ),
    (
        "shop: {targets: {o: {lambda: {code: c, environment: {LEVEL: 4711}}}}}",
        ".shop.targets.o.lambda.environment.LEVEL",
        "must be text. Put it in quotes.",
    ),
    # parts of two gateways
    (
        f"shop: {{targets: {{a-b: {FUNCTION}}}}}\nshop-a: {{targets: {{b: {FUNCTION}}}}}",
        ".shop-a.targets.b",
        "has the same logical name as shop.targets.a-b: shop-a-b. Rename one of both",
    ),
    # authorizers
    ("shop: {targets: {}, authorizer: ezauth}", ".shop.authorizer", "Did you mean ez_auth?"),
    ("shop: {targets: {}, authorizer: 5}", ".shop.authorizer", "is not an authorizer"),
    ("shop: {targets: {}, authorizer: {jwt: {}}}", ".shop.authorizer.jwt", "discovery_url is missing"),
    (
        "shop: {targets: {}, authorizer: {jwt: {discovery_url: 'https://login.example.com'}}}",
        ".shop.authorizer.jwt.discovery_url",
        "something like https://login.example.com/.well-known/openid-configuration",
    ),
    (
        "shop: {targets: {}, authorizer: {jwt: {discovery_url: 'https://a/.well-known/openid-configuration', "
        "allowed_clients: []}}}",
        ".shop.authorizer.jwt.allowed_clients",
        "is empty",
    ),
    (
        "shop: {targets: {}, authorizer: {jwt: {discovery_url: 'https://a/.well-known/openid-configuration', "
        "allowed_clients: one}}}",
        ".shop.authorizer.jwt.allowed_clients",
        "Write [one]",
    ),
    # what only the service and the disk know
    ("shop: {targets: {o: {lambda: {code: nowhere}}}}", ".shop.targets.o.lambda.code", 'no folder "nowhere"'),
    (
        "shop: {targets: {o: {lambda: {code: code, handler: main.run}}}}",
        ".shop.targets.o.lambda.code",
        'needs the file "code/main.py"',
    ),
    (
        "shop: {targets: {o: {lambda: {code: code, tools: nowhere.json}}}}",
        ".shop.targets.o.lambda.tools",
        "there is no such file",
    ),
    (
        "shop: {targets: {o: {lambda: {code: code, fold: false, tools: [{name: find, description: Find, "
        "inputSchema: {type: object, properties: {state: {type: string, enum: [a]}}}}]}}}}",
        ".shop.targets.o.lambda.tools[0].inputSchema.properties.state.enum",
        "not supported",
    ),
    (
        "shop: {targets: {o: {lambda: {code: code, tools: [{name: find, description: Find, "
        "inputSchema: {type: object, properties: {state: {not: {type: string}}}}}]}}}}",
        ".shop.targets.o.lambda.tools",
        "find.inputSchema.properties.state.type: is not given",
    ),
    # other kinds of targets
    (
        "shop: {targets: {o: {api_gateway: {stage: prod, filters: {/: [GET]}}}}}",
        ".shop.targets.o.api_gateway",
        "rest_api_id is mis",
    ),
    (
        "shop: {targets: {o: {api_gateway: {rest_api_id: a, stage: b, filters: {/pets: [get]}}}}}",
        ".shop.targets.o.api_gateway.filters./pets[0]",
        "Did you mean GET?",
    ),
    (
        "shop: {targets: {o: {connector: {connector: a}}}}",
        ".shop.targets.o.connector.connector",
        "Did you mean connector_id?",
    ),
    (
        "shop: {protocol_type: null, targets: {o: {agent_runtime: clerk}}}",
        ".shop.targets.o.agent_runtime.arn",
        "does not match arn:aws",
    ),
    (
        "shop: {targets: {o: {passthrough: {endpoint: 'https://a.example.com', protocol_type: CUSTOM}}}}",
        ".shop.targets.o.passthrough",
        "needs a gateway without protocolType",
    ),
    (
        "shop: {protocol_type: null, targets: {o: {passthrough: {endpoint: 'http://a', protocol_type: SOAP}}}}",
        ".shop.targets.o.passthrough.protocol_type",
        "SOAP is not a choice",
    ),
    (
        "shop: {protocol_type: null, targets: {o: {inference: {endpoint: 'https://a', operations: [{}]}}}}",
        ".shop.targets.o.inference.operations[0]",
        "path is missing",
    ),
    (
        "shop: {targets: {o: {mcp_server: 'https://a', credentials: {iam_role: {service: a}}, "
        "credential_provider_configurations: [{credentialProviderType: GATEWAY_IAM_ROLE}]}}}",
        ".shop.targets.o",
        "has credentials and credential_provider_configurations. Keep one of them.",
    ),
    (
        "shop: {targets: {o: {builtin: {name: dynamodb, settings: {name: x}}}}}",
        ".shop.targets.o.builtin",
        "there is no setting name",
    ),
    (
        "shop: {targets: {o: {lambda: {arn: 'arn:aws:lambda:us-west-2:123456789012:function:orders', "
        "bucket_owner: '123456789012'}}}}",
        ".shop.targets.o.lambda.bucket_owner",
        "goes only with tools in S3",
    ),
    ("shop: {targets: {}, protocol_configuration: {mcp: x}}", ".shop.protocol_configuration.mcp", "is a string"),
    ("shop: {protocol_type: mcp, targets: {}}", ".shop.protocol_type", "Did you mean MCP?"),
    ("shop: {targets: {o: {builtin: slak}}}", ".shop.targets.o.builtin", "Did you mean slack"),
    (
        "shop: {targets: {}, protocol_configuration: {mcp: {searchKind: SEMANTIC}}}",
        ".shop.protocol_configuration.mcp.searchKind",
        "searchType",
    ),
    (
        "shop: {targets: {}, authorizer: {jwt: {discovery_url: 'https://a/.well-known/openid-configuration', "
        "custom_claims: [{inboundTokenClaimName: x}]}}}",
        ".shop.authorizer.jwt.custom_claims[0]",
        "required",
    ),
    (
        "shop: {targets: {weather: {target_configuration: {mcp: {mcpServer: {endpoint: 'http://a'}}}}}}",
        ".shop.targets.weather.target_configuration.mcp.mcpServer.endpoint",
        "https",
    ),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "handler.py").write_text("TOOLS = []\n")
    return tmp_path


def _lines(text: str, folder: Path) -> tuple[str, ...]:
    with pytest.raises(InvalidInput) as refused:
        stack_config.checked(yaml.safe_load(text), folder=folder, stack="dev")
    lines = tuple(map(str, refused.value.problems))
    for line in lines:
        assert line in str(refused.value)
    return lines


@pytest.mark.parametrize(("text", "where", "report"), PROBLEMS, ids=[report for _, _, report in PROBLEMS])
def test_a_problem_is_reported_with_path_and_cure(folder: Path, text: str, where: str, report: str) -> None:
    lines = _lines(text, folder)
    assert any(line.startswith(f"agentcore:gateways{where}") and report in line for line in lines), lines
    assert all("\n" not in line for line in lines)


@pytest.mark.parametrize(
    ("text", "report"),
    [
        ("shop: {targets: {o: {lamda: {code: code}}}}", ".shop.targets.o.lamda: unknown key. Did you mean lambda?"),
        ("shop: {target: {}}", ".shop.target: unknown key. Did you mean targets?"),
        (
            "shop: {targets: {o: {lambda: {cod: code, timeout: 3}}}}",
            ".shop.targets.o.lambda.cod: unknown key. Did you mean code?",
        ),
        (
            "shop: {targets: {o: {builtin: slak}}}",
            ".shop.targets.o.builtin: built-in schema slak: there is none. Did you mean slack?",
        ),
        (
            f"my_{'x' * 40}: {{targets: {{}}}}",
            f'.my_{"x" * 40}: "my_{"x" * 40}" is not a gateway name: letters or digits with single hyphens between '
            f"them, at most 40 characters. Write my-{'x' * 37}.",
        ),
        (
            f"shop: {{name: {'x' * 49}, targets: {{}}}}",
            f'.shop.name: "{"x" * 49}" is not a gateway name: letters or digits with single hyphens between them, '
            f"at most 48 characters. Write {'x' * 48}.",
        ),
        (
            f"shop: {{name: {'x-' * 40}y, targets: {{}}}}",
            f".shop.name: has 81 characters. Shorten it to 48: {'x-' * 23}x.",
        ),
    ],
)
def test_one_problem_is_one_line_with_one_cure(folder: Path, text: str, report: str) -> None:
    assert _lines(text, folder) == (f"agentcore:gateways{report}",)


def test_all_problems_are_reported_at_once_in_the_order_of_the_file(folder: Path) -> None:
    text = """
shop:
  serch: true
  authorizer: cognito
  targets:
    orders: {lambda: {arn: orders, tool: x}}
desk:
  targets: {my desk: {}}
"""
    assert [line.split(": ")[0].removeprefix("agentcore:gateways.") for line in _lines(text, folder)] == [
        "shop.serch",
        "shop.authorizer",
        "shop.targets.orders.lambda.arn",
        "shop.targets.orders.lambda.tool",
        "desk.targets.my desk",
        "desk.targets.my desk",
    ]


def test_what_the_service_would_refuse_is_reported_for_all_gateways_at_once(folder: Path) -> None:
    text = """
shop: {targets: {o: {lambda: {code: nowhere, tools: nothing.json}}}}
desk: {protocol_configuration: {smtp: {}}, targets: {o: {lambda: {code: gone}}}}
"""
    lines = _lines(text, folder)
    assert [line.split(": ")[0].removeprefix("agentcore:gateways.") for line in lines][:2] == [
        "shop.targets.o.lambda.code",
        "shop.targets.o.lambda.tools",
    ]
    assert any(line.startswith("agentcore:gateways.desk.protocol_configuration.smtp") for line in lines)
    assert any(line.startswith("agentcore:gateways.desk.targets.o.lambda.code") for line in lines)


@pytest.mark.parametrize("stack", ["local", "dev", "prod"])
def test_the_stack_files_of_this_project_have_no_problems(stack: str) -> None:
    config = yaml.safe_load((REPOSITORY / f"Pulumi.{stack}.yaml").read_text())["config"]
    gateways = stack_config.checked(config["agentcore:gateways"], folder=REPOSITORY, stack=stack)
    assert list(gateways) == ["shop"]


@pytest.mark.parametrize(
    ("ours", "shape", "member"),
    [
        ("gateway.role_arn", "CreateGatewayRequest", "roleArn"),
        ("gateway.kms_key_arn", "CreateGatewayRequest", "kmsKeyArn"),
        ("gateway.instructions", "MCPGatewayConfiguration", "instructions"),
        ("gateway.description", "CreateGatewayRequest", "description"),
        ("target.description", "CreateGatewayTargetRequest", "description"),
        ("lambda.arn", "McpLambdaTargetConfiguration", "lambdaArn"),
    ],
)
def test_limits_in_the_schema_are_those_of_the_service_model(ours: str, shape: str, member: str) -> None:
    model = get_session().get_service_model("bedrock-agentcore-control").shape_for(shape).members[member].metadata
    name, _, key = ours.partition(".")
    schema: Any = stack_config.schema()["$defs"][name]
    schema = schema["properties"][key] if key else schema
    if "pattern" in model:
        assert schema["pattern"] == f"^{model['pattern'].removeprefix('^').removesuffix('$')}$"
    else:
        assert (schema["minLength"], schema["maxLength"]) == (model["min"], model["max"])
