"""A command under the unit's filters, without systemd: `python -m tests.servers.unit COMMAND...`, with libseccomp.

What systemd's SystemCallFilter, RestrictAddressFamilies and MemoryDenyWriteExecute do, by the kernel's own means. A
forbidden system call ends the process with SIGSYS, where under systemd it would fail with EPERM: so none stays unseen.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

UNIT = Path(__file__).parents[2] / "systemd" / "rasid.service"
PREFIX = (sys.executable, "-m", "tests.servers.unit")  # before a command
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000  # seccomp.h: SCMP_ACT_*
_EQUAL, _MASKED = 4, 7  # SCMP_CMP_EQ, SCMP_CMP_MASKED_EQ
_EAFNOSUPPORT, _EPERM = 97, 1
_WRITE, _EXEC = 2, 4  # PROT_*


class _Compare(ctypes.Structure):
    """struct scmp_arg_cmp."""

    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


def library() -> ctypes.CDLL | None:
    """libseccomp, where it and systemd's lists of system calls are present."""
    name = ctypes.util.find_library("seccomp")
    try:
        subprocess.run(["systemd-analyze", "--version"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return ctypes.CDLL(name, use_errno=True) if name else None


def allowed() -> set[str]:
    """The system calls that the unit allows: its lines in order, as systemd reads them."""
    found: set[str] = set()
    for line in re.findall(r"^SystemCallFilter=(.*)$", UNIT.read_text("utf-8"), re.M):
        names = _expanded(line.removeprefix("~").split())
        found = found - names if line.startswith("~") else found | names
    return found


def _expanded(words: list[str]) -> set[str]:
    names = {word for word in words if not word.startswith("@")}
    groups = [word for word in words if word.startswith("@")]
    if groups:
        done = subprocess.run(
            ["systemd-analyze", "syscall-filter", *groups], capture_output=True, text=True, check=True
        )
        inside = [line.strip() for line in done.stdout.splitlines() if line.startswith("    ")]
        names |= _expanded([line for line in inside if not line.startswith("#")])
    return names


def confine() -> None:
    """From now on this process and its children are under the unit's filters."""
    seccomp = library()
    assert seccomp is not None
    seccomp.seccomp_init.restype = ctypes.c_void_p
    rules = ctypes.c_void_p(seccomp.seccomp_init(_KILL))

    def rule(action: int, name: str, *compare: _Compare) -> None:
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:  # below: not on this machine
            done = seccomp.seccomp_rule_add_array(
                rules, action, number, len(compare), (_Compare * len(compare))(*compare)
            )
            assert done == 0, f"{name}: {os.strerror(-done)}"

    for name in sorted(allowed() - {"socket", "mmap", "mprotect", "pkey_mprotect"}):
        rule(_ALLOW, name)
    rule(_ERRNO | _EPERM, "fchown")  # SQLite calls it as root, which the unit's user is not, and minds no refusal
    families = re.search(r"^RestrictAddressFamilies=(.*)$", UNIT.read_text("utf-8"), re.M)
    kept = {getattr(socket, name) for name in families[1].split()} if families else set()
    for family in range(46):
        rule(_ALLOW if family in kept else _ERRNO | _EAFNOSUPPORT, "socket", _Compare(0, _EQUAL, family))
    for prot in range(8):
        both = prot & _WRITE and prot & _EXEC
        rule(_ERRNO | _EPERM if both else _ALLOW, "mmap", _Compare(2, _MASKED, 7, prot))
        for name in ("mprotect", "pkey_mprotect"):
            rule(_ERRNO | _EPERM if prot & _EXEC else _ALLOW, name, _Compare(2, _MASKED, 7, prot))
    done = seccomp.seccomp_load(rules)
    assert done == 0, os.strerror(-done)


if __name__ == "__main__":
    confine()
    os.execvp(sys.argv[1], sys.argv[1:])
