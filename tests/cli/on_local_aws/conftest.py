"""Shops for each test, and what the doctor finds about them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from tests.support.shop import Examined, Shop, ShopAws, export, new_shop


@pytest.fixture(scope="module")
def local_aws() -> Iterator[ShopAws]:
    """A local AWS of this process."""
    aws = ShopAws()
    yield aws
    aws.close()


@pytest.fixture
def make_shop(local_aws: ShopAws) -> Iterator[Callable[..., Shop]]:
    """Makes shops; see new_shop."""
    yield lambda **options: new_shop(local_aws, **options)
    local_aws.clear_faults()


@pytest.fixture
def shop(make_shop: Callable[..., Shop], project: Path, engine: Path) -> Shop:
    """A shop that the project's stack exports."""
    made = make_shop()
    export(engine, made)
    return made


@pytest.fixture
def environment(local_aws: ShopAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A shell that uses local AWS, in a folder without a project."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_ENDPOINT_URL", local_aws.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_REGION", "us-west-2")


@pytest.fixture
def examined(agentcore: Callable[..., Result]) -> Callable[..., Examined]:
    def examine(*arguments: str) -> Examined:
        result = agentcore("doctor", "--json", *arguments)
        assert "marker-secret" not in result.output
        layers = json.loads(result.stdout)["layers"] if result.stdout else []
        return Examined(result.exit_code, layers, result.output)

    return examine
