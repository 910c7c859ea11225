"""Interceptors: Lambda functions that see what passes a gateway and may change or answer it.

    function.py       which function is for which point, and its invocation
    failure.py        what clients get when it lets nothing through
    mcp_exchange.py   messages at /mcp
    http_exchange.py  requests to targets of the http and inference kinds

Formats: AgentCore developer guide, gateway-interceptors-types.
"""
