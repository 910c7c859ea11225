"""Whose a half-made resource is: the stack's, on whichever machine it runs next; never that of a stack of its name."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from tests.programs.test_identity import run_instead
from tests.support.stack import Stack


def makes() -> None:
    from agentcore_provider import EzAuth, Gateway, GatewayRole

    Gateway("shop", role_arn=GatewayRole("shop"), authorizer=EzAuth("shop"))


def standing(stack: Stack) -> tuple[int, int]:
    control, cognito = (stack.local_aws.client(it) for it in ("bedrock-agentcore-control", "cognito-idp"))
    return len(control.list_gateways()["items"]), len(cognito.list_user_pools(MaxResults=60)["UserPools"])


def elsewhere(stack: Stack, folder: Path) -> Any:
    """The project in another folder, for another user, with a state that knows of nothing yet."""

    class Elsewhere(type(stack)):  # type: ignore[misc]
        @property
        def environment(self) -> dict[str, str]:
            inherited: dict[str, str] = super().environment
            return {**inherited, "LOGNAME": "runner", "USER": "runner"}

    shutil.copytree(stack.folder, folder, symlinks=True, ignore=shutil.ignore_patterns(".agentcore"))
    (folder / ".agentcore" / "state").mkdir(parents=True)
    other = Elsewhere(folder, stack.local_aws)
    other.pulumi("stack", "init", "--non-interactive")
    return other


def test_another_machine_carries_on_with_what_an_interrupted_up_left(stack: Stack, tmp_path: Path) -> None:
    """The state lacks what was made: as after a create that was killed, or whose answer never came."""
    run_instead(stack, makes)
    stack.up()
    runner = elsewhere(stack, tmp_path / "runner")
    runner.up()
    assert standing(stack) == (1, 1)
    runner.destroy()
    assert standing(stack) == (0, 0)


def test_two_stacks_of_one_name_stand_beside_each_other(stack: Stack, tmp_path: Path) -> None:
    """Same project, stack and logical names in one account, other secrets: other names and marks."""
    run_instead(stack, makes)
    stack.up()
    text = stack.file.read_text()
    stack.file.write_text("".join(it for it in text.splitlines(True) if not it.startswith("encryptionsalt")))
    other_owner = elsewhere(stack, tmp_path / "other_owner")
    stack.file.write_text(text)
    other_owner.up()
    assert standing(stack) == (2, 2)
    other_owner.destroy()
    assert standing(stack) == (1, 1)
    assert set(stack.up("--refresh").changes) == {"same"}
