"""A process of root's without its powers, which folders' permissions hold for as for anybody; for others no change."""

from __future__ import annotations

import ctypes
import os
import sys

_VERSION_3 = 0x20080522  # linux/capability.h
_NO_NEW_PRIVILEGES = 38  # linux/prctl.h
PREFIX = (sys.executable, "-m", "tests.servers.powerless")  # before a command


def drop() -> None:
    """Gives up every capability of this process, for good."""
    libc = ctypes.CDLL(None, use_errno=True)
    head, none = (ctypes.c_uint32 * 2)(_VERSION_3, 0), (ctypes.c_uint32 * 6)()
    assert libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
    assert libc.capset(head, none) == 0, os.strerror(ctypes.get_errno())


if __name__ == "__main__":
    drop()
    os.execvp(sys.argv[1], sys.argv[1:])
