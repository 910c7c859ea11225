"""Which files changed, as the operating system reports it."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from agentcore_provider import installation
from agentcore_provider.errors import AgentCoreError

MOST_FOLDERS = 4000
"""Of one project; those nearest to its top count first."""

_IGNORED = {"__pycache__", "node_modules", "venv", "site-packages"}
# What editors write beside a file that they save, and what Python writes.
_IGNORED_SUFFIXES = ("~", ".swp", ".swx", ".tmp", ".pyc", ".pyo")
# Changes that come together, such as those of a checkout, are one change.
_QUIET_MILLISECONDS = 50
_LONGEST_MILLISECONDS = 1000
_TICK_MILLISECONDS = 250


def is_ignored(path: Path) -> bool:
    """Whether a name is one that no program or function reads: hidden, a cache, an editor's draft."""
    return path.name.startswith(".") or path.name in _IGNORED or path.name.endswith(_IGNORED_SUFFIXES)


def folders_below(folder: Path, most: int = MOST_FOLDERS) -> list[Path]:
    """The folder and those in it, nearest first, without hidden ones, caches, packages and virtual environments."""
    found: list[Path] = []
    waiting = deque([folder])
    while waiting and len(found) < most:
        parent = waiting.popleft()
        try:
            with os.scandir(parent) as entries:
                inner = sorted(Path(it.path) for it in entries if it.is_dir(follow_symlinks=False))
        except OSError:
            # Removed meanwhile, or not readable.
            continue
        found.append(parent)
        waiting += [it for it in inner if not is_ignored(it) and not (it / "pyvenv.cfg").exists()]
    return found


class Watcher:
    """Watches folders, each without those in it."""

    def __init__(self) -> None:
        """Raises AgentCoreError without `watchfiles`."""
        self._stale = False
        try:
            import watchfiles
        except ImportError:
            raise AgentCoreError(
                "`agentcore dev` needs the package watchfiles", f"`{installation.command('watchfiles', extra='local')}`"
            ) from None
        self._watch = watchfiles.watch

    def restart(self) -> None:
        """Ask for the folders again before the next change."""
        self._stale = True

    def changes(self, folders: Callable[[], Iterable[Path]]) -> Iterator[frozenset[Path] | None]:
        """Files and folders that were changed, added or removed; none of them a few times a second.

        folders: those to watch; it is called again after each change of a folder, and after `restart`.

        None: watching has begun, or begun again, and what changed before is not known.
        """
        polls: bool | None = None
        while True:
            watched = sorted(it for it in set(folders()) if it.is_dir())
            self._stale = False
            begins = True
            try:
                for found in self._watch(
                    *watched,
                    recursive=False,
                    watch_filter=None,
                    debounce=_LONGEST_MILLISECONDS,
                    step=_QUIET_MILLISECONDS,
                    rust_timeout=_TICK_MILLISECONDS,
                    yield_on_timeout=True,
                    ignore_permission_denied=True,
                    force_polling=polls,
                ):
                    paths = frozenset(
                        path
                        for change, name in found
                        # Polling reports a folder for each change in it.
                        if not is_ignored(path := Path(name)) and (change.raw_str() != "modified" or not path.is_dir())
                    )
                    yield paths
                    if begins:
                        begins = False
                        yield None
                    if self._stale or any(it in watched or it.is_dir() for it in paths):
                        break
            except FileNotFoundError:
                # A folder was removed while the watch began.
                continue
            except OSError:
                if polls:
                    raise
                # The system watches no more folders, or none of this file system.
                polls = True
