"""Runs the script of a peer in the peer's own environment, against the row's local AWS."""

from __future__ import annotations

from pathlib import Path

from tests.bench.command import Ended, run
from tests.bench.environment import python_of
from tests.bench.local_aws import BenchAws, clean_environment

PEERS = Path(__file__).parent / "peers"


def run_script(peer: str, script: str, aws: BenchAws, *arguments: str) -> Ended:
    """Run the script, the start of its Python included. Raises NotMeasured if the peer cannot be had."""
    environment = {
        **clean_environment(),
        "AWS_ENDPOINT_URL": aws.endpoint,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": "us-west-2",
        "AWS_DEFAULT_REGION": "us-west-2",
    }
    return run([python_of(peer), PEERS / script, *arguments], environment=environment)
