"""The revisions of the Model Context Protocol that gateways speak."""

from __future__ import annotations

STATELESS = "2026-07-28"  # no initialize: every request carries its version
HANDSHAKE = ("2025-11-25", "2025-06-18", "2025-03-26")  # newest first
