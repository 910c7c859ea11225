"""A target in a script: the dict that boto3 returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentcore_provider.gateway_client import notebook


class GatewayTarget(dict[str, Any]):
    """The members of GetGatewayTarget's answer, by AWS's names: `target["targetId"]`.

    Example:
        ```python
        target = client.create_gateway_target(gateway, name="orders", targetConfiguration=configuration)
        print(target.id, target.status)
        ```

    https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_GetGatewayTarget.html
    """

    def __init__(self, gateway_id: str, members: Mapping[str, object]) -> None:
        super().__init__(members)
        self.gateway_id = gateway_id
        """Id of its gateway."""

    @property
    def id(self) -> str:
        """Id of the target, unique in its gateway."""
        return str(self["targetId"])

    @property
    def name(self) -> str:
        """Name, which precedes that of each tool."""
        return str(self.get("name", self.id))

    @property
    def status(self) -> str:
        """READY, or the status that AWS last reported."""
        return str(self["status"])

    def _repr_html_(self) -> str:
        configuration = self.get("targetConfiguration") or {}
        shown = {
            "id": self.id,
            "gateway": self.gateway_id,
            "status": notebook.status(self),
            "kind": ".".join([*configuration, *next(iter(configuration.values()), {})]),
            "description": self.get("description", ""),
        }
        return notebook.card(f"Target {self.name}", shown)
