"""Walks a scenario once for every fault at every call to AWS, and reports where the next try did not put things right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from faults import Fault, faults_of, points
from inventory import differences, empty
from miniature_engine import MiniatureEngine, Outcome
from programs import Ground
from scenarios import Scenario, refreshed_up, scenarios, up
from simulated_aws import SimulatedAws


@dataclass
class Walked:
    """What a walk found. counts: points by how they ended. wrong: those that did not converge, and why."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


class Walk:
    """Walks over one local AWS."""

    def __init__(self) -> None:
        self.aws = SimulatedAws()
        self.ground = Ground.laid(self.aws)
        self.scenarios = scenarios(self.ground)

    def close(self) -> None:
        self.aws.server.close()

    def points(self, name: str) -> list[tuple[str, int, str]]:
        """Operation, number and fault of everything that can go wrong in a scenario, found by running it calmly."""
        engine, scenario = self._ready(name)
        outcome = scenario.operation(engine, scenario.after, None)
        assert outcome.succeeded, outcome
        wrong = self._judge(engine, scenario)
        assert not wrong, f"{name} without any fault: {wrong}"
        everything = [
            (operation, nth, fault) for operation, nth in points(outcome.calls) for fault in faults_of(operation)
        ]
        return [it for it in everything if not scenario.only or it[2] in scenario.only]

    def walk(self, name: str, at: Iterable[tuple[str, int, str]]) -> Walked:
        """Run the scenario with each of the faults, and then calmly."""
        walked = Walked()
        for operation, nth, fault in at:
            engine, scenario = self._ready(name)
            answer = Fault(self.aws, operation, nth, fault)
            outcome = scenario.operation(engine, scenario.after, answer)
            ended = _ended(outcome) if answer.happened else "the call did not come"
            wrong = [] if outcome.is_explained else [f"not one line that explains: {outcome.error}"]
            # Whoever may not look at a schema in S3 deploys without: its changes are then not found.
            may_look = (operation, fault) != ("HeadObject", "refused")
            is_up = scenario.operation in (up, refreshed_up)
            wrong += self._judge(engine, scenario, is_done=outcome.succeeded and is_up and may_look)
            walked.counts["did not converge" if wrong else ended] += 1
            if wrong:
                after = outcome.error or ("killed" if outcome.killed else "success")
                walked.wrong.append(f"{name}: {answer}: after {after}: {'; '.join(wrong)}")
        return walked

    def _ready(self, name: str) -> tuple[MiniatureEngine, Scenario]:
        scenario = self.scenarios[name]
        empty(self.aws)
        engine = MiniatureEngine(self.aws)
        prepared = engine.up(scenario.before)
        assert prepared.succeeded, prepared
        scenario.by_hand(engine)
        return engine, scenario

    def _judge(self, engine: MiniatureEngine, scenario: Scenario, *, is_done: bool = False) -> list[str]:
        """Whether the same calmly, or an `up`, and then a destroy end as they should. is_done: nothing should be left to do."""
        repeat = refreshed_up if scenario.operation is refreshed_up else up
        again = repeat(engine, scenario.after)
        if not again.succeeded:
            return [f"the next up failed: {again.error}"]
        wrong = differences(engine, scenario.after)
        left = [it for it in again.steps if not it.startswith("read")]
        if is_done and left:
            wrong.append(f"it passed for a success, but the next up had to {', '.join(left)}")
        idle = engine.up(scenario.after)
        if idle.steps or idle.calls or idle.error:
            wrong.append(f"another up is not idle: {idle}")
        destroyed = engine.destroy()
        if not destroyed.succeeded:
            wrong.append(f"destroy failed: {destroyed.error}")
        return wrong + [f"after destroy: {it}" for it in differences(engine, [])]


def _ended(outcome: Outcome) -> str:
    if outcome.killed:
        return "killed, and put right by the next up"
    return "failed in one line, and put right by the next up" if outcome.error else "got over at once"
