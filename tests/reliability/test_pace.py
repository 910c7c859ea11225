"""How fast deployments are and how much they ask of AWS, at its limits and in simulated seconds: the same in every run."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from miniature_engine import MiniatureEngine, Outcome, Program
from programs import Ground
from simulated_aws import TOKEN, SimulatedAws
from simulated_time import SimulatedTime
from wide_engine import WideEngine

from agentcore_provider.aws.rate_limiter import RateLimiter

_UNTIL_NO_REQUEST_COUNTS = 2.0


class Deployment:
    """Gateways with as many targets each, on an AWS that keeps its limits.

    seconds: until each is READY or gone. parallel: resources that the engine has in progress at a time.
    """

    def __init__(self, gateways: int, targets: int, seconds: dict[str, float], parallel: int) -> None:
        self._gateways, self._targets = gateways, targets
        self._time = SimulatedTime()
        self._aws = SimulatedAws(self._time, ready_after=seconds, enforce_limits=True)
        self._ground = Ground.laid(self._aws)
        self._engine = WideEngine(self._aws, self._time, parallel)

    def up(self, description: str = "one") -> tuple[float, dict[str, int]]:
        program = self._program(description)
        return self._measured(lambda: self._engine.up(program, self._engine.recorder()))

    def refresh(self) -> tuple[float, dict[str, int]]:
        return self._measured(lambda: self._engine.refresh(self._engine.recorder()))

    def destroy(self) -> tuple[float, dict[str, int]]:
        return self._measured(lambda: self._engine.destroy(self._engine.recorder()))

    def change_by_hand(self, target: str) -> None:
        """Give a target another description behind the engine's back."""
        control, id_ = self._aws.client("bedrock-agentcore-control"), self._engine.entry(target).id.split("/")
        key = {"gatewayIdentifier": id_[0], "targetId": id_[1]}
        found = control.get_gateway_target(**key)
        names = "name", "targetConfiguration", "credentialProviderConfigurations"
        control.update_gateway_target(**key, **{it: found[it] for it in names}, description="by hand")

    def description(self, target: str) -> str:
        """The description of a target in the engine's state."""
        return str(self._engine.entry(target).outputs["description"])

    def close(self) -> None:
        self.destroy()
        self._aws.server.close()

    def _measured(self, operate: Callable[[], Outcome]) -> tuple[float, dict[str, int]]:
        """The seconds that it took, and the requests by operation: none was throttled."""
        self._time.sleep(_UNTIL_NO_REQUEST_COUNTS)
        seconds = self._engine.seconds(operate)
        assert [it for it in self._engine.requests if it.throttled] == []
        return seconds, dict(Counter(it.operation for it in self._engine.requests))

    def _program(self, description: str) -> Program:
        program = []
        for number in range(self._gateways):
            gateway = f"g{number}"
            program.append(self._ground.gateway(gateway))
            for name in (f"t{it}" for it in range(self._targets)):
                target = partial(self._ground.lambda_target, name=name, description=description)
                program.append(target(f"{gateway}{name}", gateway=gateway))
        return program


@pytest.fixture
def deployment() -> Iterator[Callable[..., Deployment]]:
    """Makes a deployment, and takes away what is left of it in the end."""
    made: list[Deployment] = []

    def make(gateways: int, targets: int, *, parallel: int = 128, **seconds: float) -> Deployment:
        made.append(Deployment(gateways, targets, seconds, parallel))
        return made[-1]

    yield make
    for it in made:
        it.close()


def test_a_hundred_targets_of_a_gateway(deployment: Callable[..., Deployment]) -> None:
    """Five at a time, three seconds each: 60 seconds, in which a list is fetched when a target can have arrived."""
    it = deployment(1, 100, target=3.0)
    seconds, requests = it.up()
    assert 60 <= seconds <= 60 * 1.03
    assert requests == {
        "CreateGateway": 1,
        "GetGateway": 1,
        "CreateGatewayTarget": 100,
        "GetGatewayTarget": 101,
        "ListGatewayTargets": 40,
    }
    seconds, requests = it.up("two")
    assert 60 <= seconds <= 60 * 1.03
    assert requests == {
        "GetCallerIdentity": 1,
        "UpdateGatewayTarget": 100,
        "GetGatewayTarget": 201,
        "ListGatewayTargets": 40,
    }
    seconds, requests = it.destroy()
    assert 60 <= seconds <= 60 * 1.03
    assert requests == {
        "GetCallerIdentity": 1,
        "DeleteGatewayTarget": 100,
        "GetGatewayTarget": 101,
        "ListGatewayTargets": 40,
        "DeleteGateway": 1,
        "GetGateway": 1,
    }


def test_ten_gateways_with_ten_targets(deployment: Callable[..., Deployment]) -> None:
    """A gateway takes 5 seconds and a target 3, and 100 targets at 5 a second 19 until the last is begun: 27."""
    it = deployment(10, 10, gateway=5.0, target=3.0)
    seconds, requests = it.up()
    assert 27 <= seconds <= 27 * 1.05
    assert requests == {
        "CreateGateway": 10,
        "GetGateway": 65,
        "CreateGatewayTarget": 100,
        "GetGatewayTarget": 104,
        "ListGatewayTargets": 72,
    }
    seconds, requests = it.up("two")
    assert 22 <= seconds <= 22 * 1.05
    assert requests == {
        "GetCallerIdentity": 1,
        "UpdateGatewayTarget": 100,
        "GetGatewayTarget": 206,
        "ListGatewayTargets": 148,
    }
    seconds, requests = it.destroy()
    assert 28 <= seconds <= 28 * 1.05
    assert requests == {
        "GetCallerIdentity": 1,
        "DeleteGatewayTarget": 100,
        "GetGatewayTarget": 138,
        "ListGatewayTargets": 125,
        "DeleteGateway": 10,
        "GetGateway": 65,
    }


@pytest.mark.parametrize(("parallel", "most"), [(8, 52), (16, 33), (32, 29), (64, 28)])
def test_how_long_it_takes_with_fewer_at_a_time(
    deployment: Callable[..., Deployment], parallel: int, most: float
) -> None:
    """Pulumi's own --parallel is four a core; docs/operations.md has these figures."""
    seconds, _ = deployment(10, 10, gateway=5.0, target=3.0, parallel=parallel).up()
    assert most - 1 < seconds <= most


def test_a_refresh_reads_what_has_changed(deployment: Callable[..., Deployment]) -> None:
    """One list shows which targets of a gateway are as they were; only the others are read."""
    it = deployment(2, 10)
    it.up()
    seconds, requests = it.refresh()
    assert seconds <= 1
    unchanged = {"GetCallerIdentity": 1, "GetGateway": 2, "ListTagsForResource": 2, "ListGatewayTargets": 2}
    assert requests == unchanged
    it.change_by_hand("g1t3")
    _, requests = it.refresh()
    assert requests == {**unchanged, "GetGatewayTarget": 1}
    assert it.description("g1t3") == "by hand"
    assert it.description("g1t4") == "one"
    assert it.refresh()[1] == unchanged


def test_targets_that_are_ready_at_once_take_as_long_as_their_creates(deployment: Callable[..., Deployment]) -> None:
    """Who waits alone for a target reads it: no list, and nothing twice."""
    seconds, requests = deployment(3, 20).up()
    assert 11 <= seconds <= 11 * 1.05
    assert requests == {
        "CreateGateway": 3,
        "GetGateway": 3,
        "CreateGatewayTarget": 60,
        "GetGatewayTarget": 60,
        "ListGatewayTargets": 12,
    }


@pytest.mark.parametrize(("processes", "threads"), [(1, 40), (2, 20), (2, 40), (4, 10)])
def test_processes_share_the_rate_of_the_account(processes: int, threads: int) -> None:
    """Several deployments at once know nothing of each other: few requests are throttled, and little time is lost."""
    time, counted, throttled = SimulatedTime(), deque[float](), list[float]()

    def aws_takes_it() -> bool:
        while counted and counted[0] <= time.now() - 1:
            counted.popleft()
        if len(counted) == 5:
            throttled.append(time.now())
            return False
        counted.append(time.now())
        return True

    def send(limiter: RateLimiter) -> None:
        for _ in range(5):
            taken = False
            while not taken:
                with limiter.request() as request:
                    request.sent = time.now()
                    time.sleep(0.02)
                    taken = aws_takes_it()
                    if taken:
                        limiter.took()
                    else:
                        limiter.throttled(request)

    began = time.now()
    for _ in range(processes):
        limiter = RateLimiter(5, time)
        for _ in range(threads):
            time.start(partial(send, limiter))
    time.run()
    requests = processes * threads * 5
    possible = requests / 5
    assert time.now() - began <= possible * (1.05 if processes == 1 else 1.7)
    assert len(throttled) <= requests * (0 if processes == 1 else 0.25)


def test_a_sign_in_a_gateway_and_a_target_ask_what_scripts_ask() -> None:
    """Each is created by its own requests, whose answers are all there is to know; a refresh finds nothing else."""
    aws = SimulatedAws(ready_after={})
    ground, engine = Ground.laid(aws), MiniatureEngine(aws)
    made = engine.up([ground.sign_in(), ground.token_endpoint(), ground.signed_gateway(), ground.lambda_target()])
    assert made.succeeded, made
    assert made.calls == [
        *("ListUserPools", "CreateUserPool", "CreateResourceServer", "CreateUserPoolClient", "CreateUserPoolDomain"),
        *("CreateGateway", "GetGateway"),
        *("CreateGatewayTarget", "GetGatewayTarget"),
        TOKEN,
    ]
    known = {it.name: it.outputs for it in engine.state}
    assert engine.refresh().succeeded
    assert {it.name: it.outputs for it in engine.state} == known
    assert engine.destroy().succeeded
    aws.server.close()
