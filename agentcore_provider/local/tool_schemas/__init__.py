"""The documents that tools come from, as both planes read them: OpenAPI, Smithy, and lists of tool definitions."""
