"""Any program, changed in any way, while AWS fails, processes die and people change AWS by hand.

After whatever happened, a calm `pulumi up --refresh` ends with AWS, the state and the program saying the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from by_hand import changes_of
from faults import Fault, every_fault
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from inventory import differences, empty
from miniature_engine import MiniatureEngine, Outcome, Program
from programs import Ground
from random_programs import programs
from simulated_aws import SimulatedAws

_BEFORE = st.tuples(st.integers(1, 12), st.sampled_from(every_fault()))
"""The call that a fault hits, counted over all operations, and the fault."""


class Stack(RuleBasedStateMachine):
    """One stack and everything that happens to it. The class holds the AWS that all examples share."""

    aws: ClassVar[SimulatedAws]
    ground: ClassVar[Ground]
    count: ClassVar[dict[str, int]]

    def __init__(self) -> None:
        super().__init__()
        empty(self.aws)
        self.engine = MiniatureEngine(self.aws)
        self.program: Program = []
        # Something was made that the state does not know, or AWS was changed by hand.
        self.is_unfinished = self.is_changed_by_hand = False
        self.count["examples of random programs"] += 1

    @precondition(lambda self: not self.is_unfinished)
    @rule(data=st.data())
    def change_the_program(self, data: st.DataObject) -> None:
        self.program = data.draw(programs(self.ground))
        self._note(self.engine.up(self.program))

    @precondition(lambda self: not self.is_unfinished)
    @rule(data=st.data(), fault=_BEFORE)
    def change_the_program_on_a_bad_day(self, data: st.DataObject, fault: tuple[int, str]) -> None:
        self.program = data.draw(programs(self.ground))
        fault_at = self._fault(fault)
        self._note(self.engine.up(self.program, fault_at), fault_at)

    @rule(fault=_BEFORE)
    def up_again_on_a_bad_day(self, fault: tuple[int, str]) -> None:
        fault_at = self._fault(fault)
        self._note(self.engine.up(self.program, fault_at, refresh=self.is_changed_by_hand), fault_at)

    @rule(fault=_BEFORE)
    def refresh_on_a_bad_day(self, fault: tuple[int, str]) -> None:
        outcome = self.engine.refresh(self._fault(fault))
        self.is_changed_by_hand |= outcome.succeeded
        self._require_one_line(outcome)

    @precondition(lambda self: not self.is_unfinished)
    @rule(fault=_BEFORE)
    def destroy_on_a_bad_day(self, fault: tuple[int, str]) -> None:
        outcome = self.engine.destroy(self._fault(fault))
        self._require_one_line(outcome)
        self.program = self.program if not outcome.succeeded else []

    @rule(data=st.data())
    def change_aws_by_hand(self, data: st.DataObject) -> None:
        changes = changes_of(self.engine)
        if changes:
            name = data.draw(st.sampled_from(sorted(changes)))
            changes[name]()
            self.aws.clock.sleep(60)
            self.is_changed_by_hand = True
            self.count["changes of AWS by hand"] += 1

    @rule()
    def settle(self) -> None:
        outcome = self.engine.up(self.program, refresh=True)
        self._note(outcome)
        assert outcome.succeeded, outcome
        assert differences(self.engine, self.program) == []
        idle = self.engine.up(self.program)
        assert (idle.steps, idle.calls, idle.error) == ([], [], "")
        self.is_changed_by_hand = False

    def teardown(self) -> None:
        self.settle()
        outcome = self.engine.destroy()
        assert outcome.succeeded, outcome
        assert differences(self.engine, []) == []

    def _fault(self, fault: tuple[int, str]) -> Fault:
        return Fault(self.aws, "*", *fault)

    def _note(self, outcome: Outcome, fault: Fault | None = None) -> None:
        self._require_one_line(outcome)
        self.is_unfinished = not outcome.succeeded
        self.count["ups of random programs"] += 1
        self.count["ups of random programs that a fault or a kill hit"] += fault is not None and fault.happened

    def _require_one_line(self, outcome: Outcome) -> None:
        self.aws.clock.alive = True
        assert "\n" not in outcome.error
        assert outcome.is_explained, outcome


@pytest.fixture
def stack(record_property: Callable[[str, Any], None]) -> Iterator[type[Stack]]:
    """The machine on an AWS of its own, which prints what it did at the end of the run."""
    aws = SimulatedAws()
    count = dict.fromkeys(
        (
            "examples of random programs",
            "ups of random programs",
            "ups of random programs that a fault or a kill hit",
            "changes of AWS by hand",
        ),
        0,
    )
    Stack.aws, Stack.ground, Stack.count = aws, Ground.laid(aws), count
    yield Stack
    for name, value in count.items():
        record_property(f"figure: {name}", value)
    aws.server.close()


def _run(stack: type[Stack], **more: Any) -> None:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        stack, settings=settings(deadline=None, suppress_health_check=slow, print_blob=True, **more)
    )


def test_a_few_random_programs_end_as_the_program_says(stack: type[Stack]) -> None:
    _run(stack, max_examples=4, stateful_step_count=6, derandomize=True)


@pytest.mark.long
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("part", range(4))
def test_many_random_programs_end_as_the_program_says(stack: type[Stack], part: int) -> None:
    _run(stack, max_examples=40, stateful_step_count=10, database=None)
