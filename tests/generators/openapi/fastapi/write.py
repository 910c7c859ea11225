"""Writes what GET /openapi.json answers."""

import json
from pathlib import Path

from orders import app

Path("openapi.json").write_text(json.dumps(app.openapi()))
