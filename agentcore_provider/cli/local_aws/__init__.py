"""Local AWS of a project: its process, and the environment that points to it."""

from agentcore_provider.errors import LocalAwsError


class LocalAwsStopped(LocalAwsError):
    """Local AWS is needed, and does not answer."""
