"""Logs and traces of gateways, with results as the starter toolkit's: they state an error, and raise nothing."""

from __future__ import annotations

from functools import partial

from agentcore_provider.aws import observability
from agentcore_provider.errors import AgentCoreError, InvalidInput
from agentcore_provider.gateway_client.account import Account
from agentcore_provider.gateway_client.gateways import Gateways
from agentcore_provider.gateway_client.results import Result


class Observability:
    """Deliveries of the logs and traces of one account's gateways. Local AWS has none."""

    def __init__(self, account: Account, gateways: Gateways) -> None:
        self._account, self._gateways = account, gateways

    @property
    def is_available(self) -> bool:
        """Whether AWS delivers."""
        return not self._account.connection.is_on_this_machine

    def enable(self, gateway_id: str, gateway_arn: str | None, *, logs: bool = True, traces: bool = True) -> Result:
        """See enable_observability."""
        connection, deliveries, error = self._account.connection, dict[str, dict[str, str]](), ""
        try:
            if not self.is_available:
                raise InvalidInput(
                    "local AWS delivers no logs and traces", "GET /_local/requests, which lists what it was asked"
                )
            gateway_arn = gateway_arn or str(self._gateways.get(gateway_id)["gatewayArn"])
            for kind in (*(("logs",) if logs else ()), *(("traces",) if traces else ())):
                deliveries[kind] = observability.enable(connection, gateway_id, gateway_arn, kind)
        except AgentCoreError as failure:
            error = str(failure)
        result: Result = {
            "status": "error" if error else "success",
            "resource_id": gateway_id,
            "resource_type": "gateway",
            "resource_arn": gateway_arn,
            "log_group": observability.log_group(gateway_id),
            "logs_enabled": "logs" in deliveries,
            "traces_enabled": "traces" in deliveries,
            "deliveries": deliveries,
        }
        return {**result, "error": error} if error else result

    def disable(self, gateway_id: str, *, delete_log_group: bool = False) -> Result:
        """See disable_observability."""
        connection = self._account.connection
        deleted, errors = list[str](), list[str]()
        for delete in (
            *(partial(observability.disable, connection, gateway_id, kind) for kind in ("logs", "traces")),
            *([partial(observability.delete_log_group, connection, gateway_id)] if delete_log_group else []),
        ):
            try:
                deleted += delete()
            except AgentCoreError as error:
                errors.append(str(error))
        return {"status": "error" if errors else "success", "deleted": deleted, "errors": errors}
