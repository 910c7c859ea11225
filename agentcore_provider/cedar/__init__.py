"""Policies of gateways before they are deployed: the schema of a gateway's tools, validation and decisions by Cedar.

AWS writes its own schema and decides with its own engine; this is what its documents state about both.
https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/policy.html
"""
