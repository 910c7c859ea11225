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
            _widen(pool)
            return True
    return False


def _widen(pool: ThreadPoolExecutor) -> None:
    with pool._shutdown_lock:
        if pool._max_workers >= THREADS:
            return
        pool._max_workers = THREADS
        # Calls that came before have no thread, and up to Python 3.11 each would count as an idle one when it is over:
        # later calls would wait for threads that do not exist.
        for _ in range(pool._work_queue.qsize()):
            pool._adjust_thread_count()
