"""`agentcore policy`: the Cedar schema of a gateway's tools, and tests of policies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentcore_provider.cli.options import GatewayName, Json, Stack, Timeout
from agentcore_provider.cli.terminal import REFUSED, print_json, progress, say
from agentcore_provider.errors import AgentCoreError, InvalidInput

if TYPE_CHECKING:
    from agentcore_provider.cedar.policy_tests import Result
    from agentcore_provider.cli.policy.source import Tools

app = typer.Typer(
    no_args_is_help=True,
    help="Policies: who may call which tool.",
    epilog="Exit codes: 0 all tests pass; 1 a test fails; 2 invalid input. Example: agentcore policy test policies/tests.yaml",
)
_KEYS = ("tools", "policies", "tests")
_PAGE = "docs/policies.md"


@app.command("test", epilog="Example: agentcore policy test policies/tests.yaml --stack dev")
def run_tests(
    file: Annotated[Path, typer.Argument(help="YAML or JSON file with tests, and with tools and policies.")],
    *,
    stack: Stack = None,
    gateway: GatewayName = None,
    as_json: Json = False,
) -> None:
    """Run tests of policies: a caller, a tool, its arguments, and the decision that is expected."""
    from agentcore_provider.cedar import policy_tests
    from agentcore_provider.cedar.decisions import Policies
    from agentcore_provider.cli.policy import source

    document = _document(file)
    cases = _of_file(file, lambda: policy_tests.cases(document.get("tests")))
    deployed = source.of_stack(stack, gateway) if "tools" not in document or "policies" not in document else None
    if "tools" in document:
        tools = _of_file(file, lambda: source.of_files(_texts(document, "tools"), file.parent))
    elif deployed is not None:
        tools = deployed.tools
    if "policies" in document:
        patterns = list(_texts(document, "policies").values())
        policies = _of_file(file, lambda: source.statements(patterns, file.parent, tools.gateway_arn))
    elif deployed is not None:
        policies = dict(deployed.policies)
    _require_valid(policies, tools)
    engine = Policies(policies, tools.schema, tools.gateway_arn)
    results = [policy_tests.run(case, engine) for case in cases]
    failed = [it for it in results if it.problems]
    if as_json:
        print_json({"ok": not failed, "tests": [_as_json(it) for it in results]})
    else:
        for result in results:
            typer.echo(_line(result))
        typer.echo(f"{len(results)} test{'' if len(results) == 1 else 's'}, {len(failed)} failed")
    raise typer.Exit(REFUSED if failed else 0)


@app.command("schema", epilog="Example: agentcore policy schema --tools orders=order_desk/handler.py")
def print_schema(
    *,
    stack: Stack = None,
    gateway: GatewayName = None,
    tools: Annotated[
        list[str] | None,
        typer.Option(
            "--tools",
            metavar="TARGET=FILE",
            help="Tools of a target: a Python file, a list of tools, OpenAPI, Smithy. Repeatable. Default: the stack's.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Print the Cedar schema of a gateway's tools: what a policy may name."""
    from agentcore_provider.cli.policy import source

    described = [it.partition("=") for it in tools or ()]
    for target, _, path in described:
        if not target or not path:
            raise InvalidInput(f"is {target!r}", "Write it as TARGET=FILE", path="--tools")
    if described:
        found = source.of_files({target: path for target, _, path in described}, Path())
    else:
        found = source.of_stack(stack, gateway).tools
    typer.echo(found.schema.text, nl=False)
    for target in found.elsewhere:
        say(f"Only the server of target {target} lists its tools: they are not in the schema")


@app.command(
    "generate",
    epilog='Example: agentcore policy generate "Agents refund at most 500 dollars" -o policies/refunds.cedar',
)
def generate(
    text: Annotated[
        str, typer.Argument(help="What is to be allowed or denied, in natural language, 1 to 2000 characters.")
    ],
    *,
    stack: Stack = None,
    gateway: GatewayName = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the statement here, with ?resource for the gateway.")
    ] = None,
    timeout: Timeout = 120.0,
    as_json: Json = False,
) -> None:
    """Let AWS write policies from a text, for the tools of a gateway that has a policy engine. Nothing is deployed."""
    from agentcore_provider.aws import policy_generation
    from agentcore_provider.cli.gateway_choice import connect
    from agentcore_provider.cli.sign_in import deployed_gateway
    from agentcore_provider.documents import cedar_policy
    from agentcore_provider.documents.cedar_policy import Entity
    from agentcore_provider.rules import policy as rules

    if not text.strip():
        raise InvalidInput("The text is empty", "Describe what is to be allowed or denied")
    chosen = deployed_gateway(stack, gateway)
    with progress("AWS writes the policy"):
        connection = connect(chosen)
        found = chosen.find(connection) or {}
        engine = str((found.get("policy_engine_configuration") or {}).get("arn") or "")
        if not engine:
            raise InvalidInput(
                f"Gateway {chosen.name} has no policy engine", "Give it one with policy_engine=, and deploy"
            )
        arn = str(found["gateway_arn"])
        assets = policy_generation.generate(connection, engine.rpartition("/")[2], arn, text, timeout=timeout)
    if as_json:
        print_json({"assets": assets})
    own = cedar_policy.render(Entity(rules.GATEWAY, arn))
    statements = [
        it.replace(own, cedar_policy.SLOT)
        for asset in assets
        for it in rules.statements(asset.get("definition")).values()
    ]
    for asset in assets:
        for finding in asset.get("findings") or []:
            say(f"{finding.get('type')}: {finding.get('description') or asset.get('rawTextFragment')}")
    if not statements:
        raise AgentCoreError("AWS wrote no policy", "Describe in other words who may call which tool, and when")
    if output is not None:
        _write(output, statements)
    elif not as_json:
        typer.echo("\n\n".join(statements))


def _write(output: Path, statements: list[str]) -> None:
    """Write each statement to a file of its own: one policy has one statement."""
    for number, statement in enumerate(statements, 1):
        path = output if number == 1 else output.with_stem(f"{output.stem}_{number}")
        try:
            path.write_text(statement.rstrip() + "\n", encoding="utf-8")
        except OSError as error:
            why = f"cannot be written ({(error.strerror or type(error).__name__).lower()})"
            raise InvalidInput(why, "Pass a path in an existing folder", path=str(path)) from None
        say(f"{path} written")


def _document(file: Path) -> Mapping[str, Any]:
    from agentcore_provider.cedar import policy_tests
    from agentcore_provider.documents import files

    document = files.read(file)
    if not isinstance(document, Mapping):
        raise InvalidInput("is not a mapping", f"Write {', '.join(_KEYS)}", source=_PAGE, label=str(file))
    if unknown := policy_tests.unknown_keys(document, _KEYS):
        raise InvalidInput.of_problems(unknown, str(file))
    return document


def _texts(document: Mapping[str, Any], key: str) -> dict[str, str]:
    """A mapping of texts; of a list each by its place."""
    value = document[key]
    listed = dict(enumerate(value)) if isinstance(value, list) and key == "policies" else value
    if not isinstance(listed, Mapping) or not listed or not all(isinstance(it, str) for it in listed.values()):
        wanted = "a list of files in Cedar" if key == "policies" else "the file of each target's tools, by its name"
        raise InvalidInput("is something else", f"Write {wanted}", path=key, source=_PAGE)
    return {str(name): it for name, it in listed.items()}


def _of_file(file: Path, read: Any) -> Any:
    try:
        return read()
    except InvalidInput as error:
        raise error.labelled(str(file)) from None


def _require_valid(policies: Mapping[str, str], tools: Tools) -> None:
    """Raise InvalidInput for policies that AWS would refuse; print what is doubtful."""
    from agentcore_provider.cedar import validation
    from agentcore_provider.rules import policy as rules

    if not policies:
        raise InvalidInput("There are no policies to test", "Write their files under policies", source=_PAGE)
    refused = []
    for name, statement in policies.items():
        found = rules.of_statement(statement, extended=rules.DOGWOOD in rules.definition(statement))
        if not found:
            authorizers = [tools.authorizer] if tools.authorizer else []
            found = list(
                validation.validate(statement, tools.schema, elsewhere=tools.elsewhere, authorizers=authorizers)
            )
        for problem in found:
            if problem.severity == "warning":
                say(f"warning {problem.below(name)}")
            else:
                refused.append(problem.below(name))
    if refused:
        raise InvalidInput.of_problems(refused)


def _line(result: Result) -> str:
    verdict = "FAIL" if result.problems else "ok  "
    decided = [str(result.decision)] if result.decision else []
    return f"{verdict} {result.case.name}: {'; '.join([*decided, *result.problems])}"


def _as_json(result: Result) -> dict[str, Any]:
    decision = result.decision
    return {
        "name": result.case.name,
        "ok": not result.problems,
        "decision": None if decision is None else "allow" if decision.allowed else "deny",
        "policies": list(decision.policies) if decision else [],
        "errors": list(decision.errors) if decision else [],
        "problems": list(result.problems),
    }
