"""The commands that read: gateways, tools, tokens, built-in schemas."""
