"""Every call to AWS may fail, or be the last one of the process: the next `up` puts everything right.

Each noun is created, updated, replaced, renamed, deleted, refreshed, repaired and adopted. A first, calm run finds the
calls; then each call is hit by each fault. After it a calm `up` has to end with AWS, the state and the program saying
the same, nothing left over, and nothing to do for another `up`; and a destroy with nothing at all.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from programs import Ground
from scenarios import scenarios
from walk import Walk, Walked

from agentcore_provider import providers
from agentcore_provider.providers.lifecycle import LifecycleProvider

NAMES = sorted(scenarios(Ground()))

# One point in so many is walked by `make test`: a prime, so that no fault and no call is always left out.
_ONE_IN = 23


@pytest.fixture(scope="module")
def walk() -> Iterator[Walk]:
    walk = Walk()
    yield walk
    walk.close()


@pytest.fixture
def report(record_property: Callable[[str, Any], None]) -> Callable[[Walked], None]:
    """Prints how many points ended how, at the end of the run, and fails with those that did not converge."""

    def report(walked: Walked) -> None:
        for ended, count in walked.counts.items():
            record_property(f"figure: points of the walk that {ended}", count)
        assert not walked.wrong, "\n".join(walked.wrong)

    return report


@pytest.mark.long
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("name", NAMES)
def test_whatever_fails_at_any_call_the_next_up_puts_right(
    walk: Walk, name: str, report: Callable[[Walked], None]
) -> None:
    report(walk.walk(name, walk.points(name)))


_SAMPLED = (
    "create everything",
    "destroy everything",
    "update gateway",
    "rotate API key",
    "rename target in AWS",
    "replace gateway and target under their names",
    "repair: target removed",
    "update rule",
    "update policy",
    "replace policy engine of a gateway",
    "adopt OAuth2 provider",
)


@pytest.mark.parametrize("name", _SAMPLED)
def test_a_sample_of_calls_that_fail_is_put_right(walk: Walk, name: str, report: Callable[[Walked], None]) -> None:
    report(walk.walk(name, walk.points(name)[NAMES.index(name) % 7 :: _ONE_IN]))


def test_every_noun_is_walked() -> None:
    """Whoever adds a noun has to say how it is created, changed and deleted."""
    for _, module, _ in pkgutil.iter_modules(providers.__path__, f"{providers.__name__}."):
        importlib.import_module(module)
    nouns = {it.resource for it in _kinds_of(LifecycleProvider) if hasattr(it, "resource")}
    walked = {it.noun for scenario in scenarios(Ground()).values() for it in scenario.after}
    assert nouns == walked


def _kinds_of(kind: type[LifecycleProvider]) -> Iterator[type[LifecycleProvider]]:
    for child in kind.__subclasses__():
        yield child
        yield from _kinds_of(child)
