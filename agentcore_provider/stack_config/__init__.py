"""`agentcore:gateways` in stack files, turned into resources."""
