"""Writes what the resolver says of itself."""

from pathlib import Path

from orders import app

Path("openapi.json").write_text(app.get_openapi_json_schema())
