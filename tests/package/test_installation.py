"""What to install is reported in words that work where the reader is."""

from __future__ import annotations

from pathlib import Path

from agentcore_provider import installation


def test_the_engine_comes_from_the_checkout_or_from_pulumi(tmp_path: Path) -> None:
    """Whoever installed the wheel has no Makefile."""
    assert "make" not in installation.of_engine(tmp_path)
    assert "pulumi.com/docs/install" in installation.of_engine(tmp_path)
    assert "`make setup`" in installation.of_engine(Path(__file__).parents[2])


def test_packages_are_named_that_an_index_has() -> None:
    """Local AWS's packages by their own names, never this package's."""
    reported = installation.command(extra="local")
    assert reported.startswith('pip install "')
    assert "moto" in reported
    assert "agentcore" not in reported
