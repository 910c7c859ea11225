"""Local AWS of a project: its process, and the environment that points to it."""

from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.errors import LocalAwsError


class LocalAwsStopped(LocalAwsError):
    """Local AWS is needed, and does not answer."""


def describe_state(state: JsonDict) -> str:
    """Where local AWS keeps what was created, in a sentence. state: as it reports it."""
    if not state.get("kept"):
        return "It keeps nothing on disk: what is created in it is lost when it stops"
    text = f"It keeps what is created in {state.get('file')}"
    services = state.get("not_kept")
    text += (
        f", except for what it has of {', '.join(map(str, services))}"
        if isinstance(services, list) and services
        else ""
    )
    return f"{text}\n{state['problem']}" if state.get("problem") else text
