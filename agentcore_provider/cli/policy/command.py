"""`agentcore policy`: the Cedar schema of a gateway's tools, and tests of policies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentcore_provider.cli.options import GatewayName, Json, Stack
from agentcore_provider.cli.terminal import REFUSED, print_json, say
from agentcore_provider.errors import InvalidInput

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


def _document(file: Path) -> Mapping[str, Any]:
    from agentcore_provider.documents import files

    document = files.read(file)
    if not isinstance(document, Mapping):
        raise InvalidInput("is not a mapping", f"Write {', '.join(_KEYS)}", source=_PAGE, label=str(file))
    for key in document:
        if key not in _KEYS:
            raise InvalidInput(f"has no key {key}", f"Known keys: {', '.join(_KEYS)}", source=_PAGE, label=str(file))
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
