"""The notify protocol of systemd: READY, STATUS, WATCHDOG, STOPPING (sd_notify(3))."""

from __future__ import annotations

import os
import socket


def notify(**fields: str | int) -> bool:
    """Sends `fields` to systemd; False where no systemd listens. Never raises."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    message = "\n".join(f"{key}={value}" for key, value in fields.items())
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.connect("\0" + address[1:] if address.startswith("@") else address)
            sock.sendall(message.encode())
    except OSError:
        return False
    return True


def watchdog_seconds() -> float | None:
    """How often systemd wants a sign of life, as it set it for this process; None: not at all."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    return int(microseconds) / 1e6 if microseconds.isdigit() and int(microseconds) else None
