"""Local AWS as a WSGI application: which part answers a request, what is recorded, and what fails on request.

A request passes guard.py, application.py, then the steps of chain.py.
"""

from __future__ import annotations

from agentcore_provider.local.application.application import Application

__all__ = ["Application"]
