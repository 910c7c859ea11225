"""Writes what GET /openapi.json answers."""

import asyncio
from pathlib import Path

from blacksheep.testing import TestClient
from orders import app


async def main() -> None:
    await app.start()
    answer = await TestClient(app).get("/openapi.json")
    Path("openapi.json").write_text(await answer.text())


asyncio.run(main())
