"""What local AWS does so that moto serves many requests at once."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from moto.core.model import OperationModel
from moto.core.utils import get_service_model

from agentcore_provider.local.application.moto import load_operations


@pytest.fixture
def threads_alternate_often() -> Iterator[None]:
    """Threads take turns as often as Python can let them."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("threads_alternate_often")
@pytest.mark.parametrize("service", ["connect", "glue", "iot", "quicksight", "sagemaker"])
def test_first_requests_at_once_get_operations_of_moto(service: str) -> None:
    """However many first requests of a service arrive at once, each finds operations that moto can serve."""
    together = threading.Barrier(8)
    model = get_service_model(service)
    wrong: list[str] = []

    def request() -> None:
        together.wait()
        load_operations(service)
        wrong.extend(it for it in model.operation_names if not isinstance(model.operation_model(it), OperationModel))

    threads = [threading.Thread(target=request) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
