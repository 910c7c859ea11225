"""One word observes a gateway: its log, its traces, a dashboard, and alarms about what needs a person."""

import pulumi

from agentcore_provider import McpGateway, targets

on_call = pulumi.Config().get("on_call")  # the ARN of a topic of SNS
gateway = McpGateway(
    "shop",
    targets={"orders": targets.LambdaCode("code")},
    observe={
        "retention_in_days": 90,
        "dashboard": True,
        "alarms": {"system_errors": 1, "throttles": 10, "latency": 5000},
        "alarm_actions": [on_call] if on_call else None,
    },
)

pulumi.export("gateways", {"shop": gateway.client_settings})
pulumi.export("dashboard", gateway.observability and gateway.observability.dashboard_name)
