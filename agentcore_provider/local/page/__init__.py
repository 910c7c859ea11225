"""The page of local AWS at `/_local/page/`: gateways, their tools and a form to call them, recent calls, faults.

site.py             addresses, the token of forms, headers
gateways.py         what the pages of gateways show; other_resources.py: everything else in the store
schema_form.py      a form from a tool's input schema, and arguments from what was typed
tool_call.py        signs in to a gateway and calls it
client_settings.py  settings and programs of MCP clients
templates, assets   HTML, one style sheet, one script; nothing is loaded from elsewhere
"""

from __future__ import annotations

from agentcore_provider.local.page.site import Page

__all__ = ["Page"]
