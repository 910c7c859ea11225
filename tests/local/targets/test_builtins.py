"""The documents that come with the package are targets that local AWS reads without a failure."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from agentcore_provider.schemas.builtins import catalogue
from tests.support.targets import Gateway

_ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]


@pytest.mark.parametrize("name", catalogue.names())
def test_a_built_in_schema_is_ready(name: str, gateway: Gateway, api_key: Callable[..., Any]) -> None:
    """With all its operations, and values for the settings that it needs."""
    known = catalogue.entry(name)
    values = {"server_url": "https://api.example.com/v1", "host": "my1.example.com"}
    settings = {it.name: values.get(it.name, "acme") for it in known.settings if it.required}
    document = catalogue.document(name, settings=settings)
    kind = "openApiSchema" if "openapi" in document else "smithyModel"
    configuration = {"mcp": {kind: {"inlinePayload": json.dumps(document)}}}
    target = gateway.target(configuration, api_key("a key") if kind == "openApiSchema" else _ROLE)
    found = gateway.get(target)
    assert (found["status"], found.get("statusReasons")) == ("READY", None)
