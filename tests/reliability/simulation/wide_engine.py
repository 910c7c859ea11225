"""The miniature engine with many resources at a time, among those that depend on nothing that is not done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from miniature_engine import Declared, Entry, MiniatureEngine, Program, Ref
from simulated_aws import Answer, Call, SimulatedAws
from simulated_time import SimulatedTime

from agentcore_provider.aws.slots import Slots


@dataclass(frozen=True)
class Request:
    """A request to AWS: when it was answered, for what, and whether it was throttled."""

    moment: float
    operation: str
    throttled: bool


class WideEngine(MiniatureEngine):
    """One stack of gateways and their targets, on simulated time. parallel: resources at a time, as by `--parallel`."""

    def __init__(self, aws: SimulatedAws, time: SimulatedTime, parallel: int) -> None:
        super().__init__(aws)
        self._time = time
        self._parallel = Slots(time, parallel)
        self.requests: list[Request] = []

    def recorder(self) -> Answer:
        """Notes what is requested, for `up`, `refresh` and `destroy`."""
        self.requests = []

        def answer(_: SimulatedAws, call: Call) -> object:
            response = call.send()
            self.requests.append(Request(self._time.now(), call.operation, response.status_code == 429))
            return response

        return answer

    def seconds(self, operate: Callable[[], object]) -> float:
        """Run an operation of the engine; returns the seconds that it took."""
        began = self._time.now()
        outcome = operate()
        assert getattr(outcome, "succeeded", False), outcome
        return self._time.now() - began

    def _start(self, work: Callable[[], object]) -> None:
        def in_turn() -> None:
            with self._parallel.taken():
                work()

        self._time.start(in_turn)

    def _deploy(self, program: Program) -> None:
        self._registered = 0
        for declared in program:
            if not _refers(declared):
                self._start(lambda root=declared: self._step_tree(root, program))  # type: ignore[misc]
        self._time.run()

    def _step_tree(self, root: Declared, program: Program) -> None:
        self._step(root)
        for declared in program:
            if root.name in _refers(declared):
                self._start(lambda it=declared: self._step(it))  # type: ignore[misc]

    def _delete_all(self, entries: list[Entry]) -> None:
        for dependent in (True, False):
            for entry in entries:
                if bool(entry.refers) == dependent:
                    self._start(lambda it=entry: self._delete(it, keep=False))  # type: ignore[misc]
            self._time.run()

    def _refresh(self) -> None:
        for entry in list(self.state):
            self._start(lambda it=entry: self._read(it))  # type: ignore[misc]
        self._time.run()


def _refers(declared: Declared) -> set[str]:
    return {value.resource for value in declared.inputs.values() if isinstance(value, Ref)}
