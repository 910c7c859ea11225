"""The names that moved to `agentcore_provider.problem` and `rules.unknown`; for code that is not converted yet."""

from __future__ import annotations

from agentcore_provider.problem import Problem, Severity, errors, joined, warnings
from agentcore_provider.rules.unknown import UNKNOWN, Unknown

__all__ = ["UNKNOWN", "Problem", "Severity", "Unknown", "errors", "joined", "warnings"]
