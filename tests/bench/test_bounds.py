"""What limits allow is computed: by hand for the small shapes."""

from __future__ import annotations

import pytest

from tests.bench import bounds
from tests.bench.bounds import Shape

TEN_BY_TEN = Shape(gateways=10, targets=10, gateway_seconds=5, target_seconds=3)


def test_five_targets_at_a_time() -> None:
    """A hundred targets of 3 s in one gateway are twenty times five."""
    assert bounds.create_seconds(Shape(gateways=1, targets=100, target_seconds=3)) == 60


def test_five_calls_a_second() -> None:
    """The last of a hundred targets that are ready at once goes after 19 s, if their gateways leave place enough."""
    assert bounds.update_seconds(Shape(gateways=10, targets=10)) == 19
    assert bounds.update_seconds(TEN_BY_TEN) == 22


def test_targets_wait_for_their_gateway_and_gateways_for_their_targets() -> None:
    """5 s for the first gateways, 19 s until the last call, 3 s until its target is ready; the other way round too."""
    assert bounds.create_seconds(TEN_BY_TEN) == 27
    assert bounds.delete_seconds(TEN_BY_TEN) == 27


def test_parallel_counts_where_it_is_less_than_the_limits() -> None:
    """One operation at a time adds all seconds up; as many as there are resources change nothing."""
    assert bounds.create_seconds(TEN_BY_TEN, parallel=1) == 10 * 5 + 100 * 3
    assert bounds.create_seconds(TEN_BY_TEN, parallel=110) == bounds.create_seconds(TEN_BY_TEN)
    assert bounds.create_seconds(TEN_BY_TEN, parallel=8) > (10 * 5 + 100 * 3) / 8 > 27


def test_ten_reads_a_second() -> None:
    """The hundredth read goes after 9 s, the tenth at once."""
    assert bounds.read_seconds(TEN_BY_TEN) == 9
    assert bounds.read_seconds(Shape(gateways=1, targets=10)) == 0


@pytest.mark.parametrize("parallel", [None, 1, 3, 8, 64])
@pytest.mark.parametrize("shape", [TEN_BY_TEN, Shape(3, 7, 1, 0.3), Shape(1, 1), Shape(2, 30, 0, 2)])
def test_no_schedule_is_faster_than_any_limit_alone(shape: Shape, parallel: int | None) -> None:
    """Rate, places of a gateway and parallelism each hold."""
    targets = shape.gateways * shape.targets
    work = targets * shape.target_seconds
    least = max(
        (targets - 1) // bounds.WRITES_A_SECOND + shape.target_seconds,
        -(-shape.targets // bounds.TARGET_OPERATIONS_OF_A_GATEWAY) * shape.target_seconds,
        work / parallel if parallel else 0.0,
    )
    assert bounds.update_seconds(shape, parallel) >= least - 1e-9
    assert bounds.create_seconds(shape, parallel) >= least + shape.gateway_seconds - 1e-9 or parallel
