"""The machine, and what else it does while it measures."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def describe() -> str:
    """Processors, memory, system and Python."""
    memory = ""
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = f", {os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GB"
    model = f" ({name})" if (name := _processor()) else ""
    return (
        f"{os.cpu_count()} processors{model}{memory}, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}"
    )


def load() -> float:
    """Processes that run or want to, on average over the last minute: this measurement's own are among them."""
    return os.getloadavg()[0]


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.exists() else []
    return next((it.partition(":")[2].strip() for it in lines if it.startswith("model name")), platform.processor())
