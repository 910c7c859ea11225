"""More threads for the process that Pulumi runs dynamic providers in.

Pulumi gives it four, which also serve check and diff: four creates that wait would stall the whole deployment.
"""

from __future__ import annotations

import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

THREADS = 128


def widen() -> bool:
    """Give the pool that runs the current thread room for more; False where it is not such a pool."""
    for argument in getattr(threading.current_thread(), "_args", ()):
        # The pool's threads hold it by a weak reference, which is a call away from it.
        pool = argument() if isinstance(argument, weakref.ref) else None
        if isinstance(pool, ThreadPoolExecutor):
            pool._max_workers = max(pool._max_workers, THREADS)
            return True
    return False
