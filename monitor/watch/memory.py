"""What the allocator and the collector are told, so that a burst of news does not stay in memory for good."""

from __future__ import annotations

import contextlib
import gc

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # M_ARENA_MAX and M_MMAP_THRESHOLD of glibc's malloc.h
_LARGE = 128 << 10  # bytes of a block that goes back to the system when it is freed; fixed, or it would grow by itself


def keep_together() -> None:
    """At the start: two of glibc's arenas do for all threads, one for each would hold megabytes that nobody uses."""
    _glibc("mallopt", _ARENA_MAX, 2)
    _glibc("mallopt", _MMAP_THRESHOLD, _LARGE)


def settle() -> None:
    """When a version of the folder is live: it stays, so the collector need not look through it again and again, and
    finds the garbage of news sooner. What an earlier version left is garbage now.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    give_back()


def give_back() -> None:
    """What was freed goes back to the system."""
    _glibc("malloc_trim", 0)


def _glibc(name: str, *numbers: int) -> None:
    """Calls a function of glibc. Another C library has none of that name; where no memory may be both written and run,
    as in the unit, an old libffi lets no ctypes be imported.
    """
    with contextlib.suppress(AttributeError, ImportError, MemoryError, OSError):
        import ctypes

        getattr(ctypes.CDLL(None), name)(*numbers)
