"""`agentcore validate`: the rules as a command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agentcore_provider.cli.validate import app

GATEWAY = {"name": "shop", "roleArn": "arn:aws:iam::123456789012:role/shop", "authorizerType": "NONE"}
TARGET = {
    "name": "agent",
    "targetConfiguration": {
        "http": {
            "agentcoreRuntime": {"arn": "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/agent-0123456789"}
        }
    },
    "credentialProviderConfigurations": [{"credentialProviderType": "CALLER_IAM_CREDENTIALS"}],
}
TOOLS = [{"name": "ping", "description": "Answer", "inputSchema": {"type": "object"}}]


def _run(folder: Path, *arguments: str, **files: Any) -> Any:
    for name, content in files.items():
        (folder / f"{name}.json").write_text(content if isinstance(content, str) else json.dumps(content))
    return CliRunner().invoke(app, [it.replace("FOLDER", str(folder)) for it in arguments])


@pytest.mark.parametrize(
    ("noun", "document"), [("gateway", GATEWAY), ("target", TARGET), ("tools", TOOLS), ("tools", {"tools": TOOLS})]
)
def test_a_good_document_is_accepted(tmp_path: Path, noun: str, document: Any) -> None:
    """Exit code 0, and JSON that says so."""
    answer = _run(tmp_path, noun, "FOLDER/a.json", "--json", a=document)
    assert answer.exit_code == 0
    verdict = json.loads(answer.stdout)
    assert (verdict["ok"], verdict["problems"]) == (True, [])
    if noun == "tools":
        assert (verdict["tools"], verdict["tokens"]) == (1, 17)


def test_a_bad_document_is_refused_with_every_problem(tmp_path: Path) -> None:
    """Exit code 1, and each problem with severity, path, message, fix and source."""
    answer = _run(tmp_path, "gateway", "FOLDER/a.json", "--json", a=GATEWAY | {"name": "a_b", "authorizerType": "JWT"})
    assert answer.exit_code == 1
    verdict = json.loads(answer.stdout)
    assert verdict["ok"] is False
    assert {problem["path"] for problem in verdict["problems"]} == {"name", "authorizerType"}
    assert all(set(it) == {"severity", "path", "message", "cure", "source", "code"} for it in verdict["problems"])


def test_an_error_can_be_accepted_by_its_code(tmp_path: Path) -> None:
    """Without it the command says which codes to accept; a code that does not exist is exit code 2."""
    tools = [TOOLS[0], TOOLS[0]]
    refused = _run(tmp_path, "tools", "FOLDER/a.json", a=tools)
    assert refused.exit_code == 1
    assert "[tool-name]" in refused.stdout
    assert "--accept tool-name" in refused.stderr
    accepted = _run(tmp_path, "tools", "FOLDER/a.json", "--accept", "tool-name")
    assert accepted.exit_code == 0
    assert "warning [1].name" in accepted.stdout
    mistyped = _run(tmp_path, "tools", "FOLDER/a.json", "--accept", "toolname")
    assert mistyped.exit_code == 2
    assert "Did you mean tool-name" in mistyped.stderr


def test_a_warning_is_not_a_refusal(tmp_path: Path) -> None:
    """Exit code 0, and the warning is printed."""
    answer = _run(tmp_path, "tools", "FOLDER/a.json", a=[TOOLS[0] | {"name": "a b"}])
    assert answer.exit_code == 0
    assert "warning [0].name" in answer.stdout
    assert "accepted, 1 problem" in answer.stdout


def test_a_target_is_judged_with_its_gateway(tmp_path: Path) -> None:
    """Caller's credentials need a gateway whose callers have them."""
    arguments = ("target", "FOLDER/a.json", "--gateway", "FOLDER/b.json")
    assert _run(tmp_path, *arguments, a=TARGET, b=GATEWAY).exit_code == 1
    assert _run(tmp_path, *arguments, a=TARGET, b=GATEWAY | {"authorizerType": "AWS_IAM"}).exit_code == 0


FUNCTIONS = '''
from typing import Literal

def get_order(order_id: str, detail: Literal["short", "long"] = "short") -> dict:
    """Tell where an order is."""

TOOLS = [get_order]
'''


def test_functions_are_judged_as_flags_and_stack_files_read_them(tmp_path: Path) -> None:
    """A Python file is read by its TOOLS, and what it declares wrongly is reported by file and cause."""
    (tmp_path / "tools.py").write_text(FUNCTIONS)
    answer = _run(tmp_path, "tools", "FOLDER/tools.py", "--json")
    verdict = json.loads(answer.stdout)
    assert (answer.exit_code, verdict["ok"], verdict["problems"], verdict["tools"]) == (0, True, [], 1)
    (tmp_path / "none.py").write_text("ping = 1\n")
    answer = _run(tmp_path, "tools", "FOLDER/none.py")
    assert answer.exit_code == 2
    assert "none.py: lists no tools. Add TOOLS" in answer.stderr


@pytest.mark.parametrize("document", [TOOLS[0], {"inlinePayload": TOOLS}])
def test_one_tool_and_the_services_own_document_are_judged_too(tmp_path: Path, document: Any) -> None:
    assert _run(tmp_path, "tools", "FOLDER/a.json", a=document).exit_code == 0
    broken = json.loads(json.dumps(document).replace("Answer", ""))
    assert _run(tmp_path, "tools", "FOLDER/a.json", a=broken).exit_code == 0
    assert (
        _run(tmp_path, "tools", "FOLDER/a.json", a=json.loads(json.dumps(document).replace("ping", ""))).exit_code == 1
    )


def test_keywords_that_the_service_lacks_are_accepted_where_they_move_into_descriptions(tmp_path: Path) -> None:
    """As --tools and stack files do by default; the service itself refuses them."""
    size = {"type": "string", "enum": ["S", "L"]}
    tools = [TOOLS[0] | {"inputSchema": {"type": "object", "properties": {"size": size}}}]
    refused = _run(tmp_path, "tools", "FOLDER/a.json", a=tools)
    assert refused.exit_code == 1
    assert "the keyword enum is not supported" in refused.stdout
    assert "--fold" in refused.stderr
    assert _run(tmp_path, "tools", "FOLDER/a.json", "--fold").exit_code == 0
    mixed = [TOOLS[0] | {"inputSchema": {"type": "object", "properties": {"size": {"anyOf": [size, TOOLS[0]]}}}}]
    lost = _run(tmp_path, "tools", "FOLDER/a.json", "--fold", "--json", a=mixed)
    assert lost.exit_code == 1
    assert json.loads(lost.stdout)["problems"][0]["path"].startswith("ping.inputSchema")


def test_an_address_in_s3_is_not_a_file(tmp_path: Path) -> None:
    answer = _run(tmp_path, "tools", "s3://bucket/tools.json")
    assert answer.exit_code == 2
    assert "s3://bucket/tools.json: is in S3. Download it and pass the path of the file" in answer.stderr


def test_a_tools_name_is_judged_with_its_targets(tmp_path: Path) -> None:
    """The name that clients see is what counts."""
    answer = _run(tmp_path, "tools", "FOLDER/a.json", "--target", "t" * 300, a=TOOLS)
    assert answer.exit_code == 1


@pytest.mark.parametrize("content", ["{", "[]", '"text"'])
def test_what_cannot_be_read_is_neither(tmp_path: Path, content: str) -> None:
    """Exit code 2, and one line that says which file and why."""
    answer = _run(tmp_path, "gateway", "FOLDER/a.json", a=content)
    assert answer.exit_code == 2
    assert len(answer.output.strip().splitlines()) == 1
    assert str(tmp_path / "a.json") in answer.output


@pytest.mark.parametrize("noun", ["gateway", "target"])
def test_a_stacks_file_is_none_of_these_documents(tmp_path: Path, noun: str) -> None:
    answer = _run(tmp_path, noun, "FOLDER/a.json", a={"config": {"agentcore:gateways": {"shop": {}}}})
    assert (answer.exit_code, "a stack's file, which `pulumi preview` validates" in answer.stderr) == (2, True)


def test_a_file_that_is_not_there_is_neither(tmp_path: Path) -> None:
    assert _run(tmp_path, "gateway", "FOLDER/a.json").exit_code == 2


OPENAPI = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "https://shop.example.com"}],
    "paths": {
        "/orders": {
            "get": {"operationId": "listOrders", "summary": "List", "responses": {"200": {"description": "Orders"}}}
        }
    },
}
SMITHY = {
    "smithy": "2.0",
    "shapes": {
        "com.amazonaws.ping#Ping": {
            "type": "service",
            "operations": [{"target": "com.amazonaws.ping#Send"}],
            "traits": {"aws.protocols#restJson1": {}},
        },
        "com.amazonaws.ping#Send": {"type": "operation", "traits": {"smithy.api#http": {"method": "POST", "uri": "/"}}},
    },
}


@pytest.mark.parametrize(("noun", "document"), [("openapi", OPENAPI), ("smithy", SMITHY)])
def test_documents_of_targets_are_judged(tmp_path: Path, noun: str, document: Any) -> None:
    """Accepted, and the tool's name counts with its target's in front."""
    assert _run(tmp_path, noun, "FOLDER/a.json", a=document).exit_code == 0
    assert _run(tmp_path, noun, "FOLDER/a.json", "--target", "t" * 300, a=document).exit_code == 1


def test_a_specification_that_cannot_be_parsed_is_refused_with_its_line(tmp_path: Path) -> None:
    """The service reads the text itself, so a broken one is a refusal and not an unreadable file."""
    answer = _run(tmp_path, "openapi", "FOLDER/a.json", "--json", a="openapi: 3.0.0\n  info: x\n")
    assert answer.exit_code == 1
    assert "line 2" in json.loads(answer.stdout)["problems"][0]["message"]


def test_a_document_where_the_service_takes_text_is_reported_how_to_become_it(tmp_path: Path) -> None:
    target = {"name": "api", "targetConfiguration": {"mcp": {"openApiSchema": {"inlinePayload": OPENAPI}}}}
    answer = _run(tmp_path, "target", "FOLDER/a.json", a=target)
    assert answer.exit_code == 1
    assert (
        "is an object, not a string. Give text; of a document its JSON, such as json.dumps makes it." in answer.stdout
    )


@pytest.mark.parametrize("name", ["fixed.json", "fixed.yaml"])
def test_a_fixed_specification_is_written_to_another_file(tmp_path: Path, name: str) -> None:
    """What was done is reported on stderr, the verdict is that of the fixed document, the given file stays."""
    document = OPENAPI | {"security": [{"key": []}], "servers": [{"url": "/v1"}]}
    arguments = ("openapi", "FOLDER/a.json", "--fix", "--output", f"FOLDER/{name}", "--json")
    refused = _run(tmp_path, *arguments, a=document)
    assert refused.exit_code == 1
    answer = _run(tmp_path, *arguments, "--server", "https://shop.example.com", a=document)
    assert answer.exit_code == 0
    verdict = json.loads(answer.stdout)
    assert (verdict["ok"], verdict["problems"]) == (True, [])
    assert "changed #/security: removed" in answer.stderr
    assert json.loads((tmp_path / "a.json").read_text()) == document
    assert _run(tmp_path, "openapi", f"FOLDER/{name}").exit_code == 0


def test_a_specification_is_judged_as_fixed_without_a_file(tmp_path: Path) -> None:
    """Also with another address alone, which changes nothing else."""
    document = OPENAPI | {"security": [{"key": []}], "servers": [{"url": "/v1"}]}
    server = ("--server", "https://shop.example.com")
    answer = _run(tmp_path, "openapi", "FOLDER/a.json", "--fix", *server, a=document)
    assert answer.exit_code == 0
    moved = _run(tmp_path, "openapi", "FOLDER/a.json", *server, "-o", "FOLDER/b.json", a=document)
    assert moved.exit_code == 0
    written = json.loads((tmp_path / "b.json").read_text())
    assert written == document | {"servers": [{"url": "https://shop.example.com/v1"}]}
    refused = _run(tmp_path, "openapi", "FOLDER/a.json", "-o", "FOLDER/b.json", a=document)
    assert refused.exit_code == 2
    assert "--output: requires --fix or --server" in refused.stderr + refused.stdout


def test_a_fixed_file_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    answer = _run(tmp_path, "openapi", "FOLDER/a.json", "--fix", "-o", "FOLDER/none/b.json", a=OPENAPI)
    assert answer.exit_code == 2
