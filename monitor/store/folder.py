"""The state folder: its lock, the marker that tells an empty database from a lost one, backups, room on the disk."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import monitor.store.sqlite as sqlite
from monitor.errors import StateBroken, StateBusy, StateLocked
from monitor.store.records import Space

BALLAST_BYTES = 4 << 20
FLOOR_BYTES = 64 << 20  # below this, and below a twentieth of the disk, feeds wait so that sending can go on
_held: set[str] = set()


class Folder:
    """A state folder and the names of what lies in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = path / "rasid.db"
        self.marker = path / "installation"
        self.backups = path / "backups"
        self.ballast = path / "ballast"
        self.work = path / "working"
        self.ballast_bytes = BALLAST_BYTES
        self._lock: int | None = None

    def require(self) -> None:
        """Raises StateBroken where the folder is missing or cannot be written."""
        if not self.path.is_dir():
            raise StateBroken("there is no such folder", subject=str(self.path), hint=f"mkdir -p {self.path}")
        if not os.access(self.path, os.R_OK | os.W_OK | os.X_OK) or _mounted_read_only(self.path):
            hint = f"make it writable for this user (uid {os.getuid()})"
            raise StateBroken("the state folder cannot be written", subject=str(self.path), hint=hint)

    def lock(self) -> None:
        """Hold the folder until the process ends, however it ends. Raises StateLocked with the holder's pid.

        A record lock, since it isn't inherited: a worker that outlives a killed daemon must not keep the next one out.
        """
        if str(self.path.resolve()) in _held:
            raise StateLocked(f"this process (pid {os.getpid()}) has it open already", subject=str(self.path))
        try:
            handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StateBroken(f"the lock cannot be made: {error.strerror}", subject=str(self.path / "lock")) from error
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            pid = os.read(handle, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(handle)
            hint = "stop it, or give this one another --state"
            raise StateLocked(
                f"another daemon (pid {pid}) holds this folder", subject=str(self.path), hint=hint
            ) from None
        self._lock = handle
        _held.add(str(self.path.resolve()))
        with plain_io(self.path):
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)

    def unlock(self) -> None:
        """Let the next one in."""
        if self._lock is not None:
            _held.discard(str(self.path.resolve()))
            os.close(self._lock)
            self._lock = None

    def installation(self) -> str:
        """The id of the database that belongs here; "" where there never was one."""
        try:
            return str(json.loads(self.marker.read_text("utf-8"))["id"])
        except FileNotFoundError:
            return ""
        except (OSError, ValueError, KeyError, TypeError):
            return "?"  # there was one, but its id is lost

    def mark(self, installation: str, now: float) -> None:
        """Note that this folder has a database, and which."""
        made = json.dumps({"id": installation, "made": now, "note": "Tells a lost database from a new one."})
        part = self.marker.with_suffix(".part")
        with plain_io(self.path):
            part.write_text(made + "\n", "utf-8")
            sqlite.sync(part)
            part.replace(self.marker)
            sqlite.sync(self.path)

    def _move_aside(self, now: float, why: str) -> Path:
        """Put the database and its log files into a folder of their own; returns that folder."""
        kept = self.path / f"{why}-{stamp(now)}"
        while kept.exists():
            kept = kept.with_name(kept.name + "x")
        kept.mkdir()
        for suffix in ("", "-wal", "-shm"):
            part = self.database.with_name(self.database.name + suffix)
            if part.exists():
                part.replace(kept / part.name)
        return kept

    @contextmanager
    def aside(self) -> Iterator[Folder]:
        """An empty folder inside, for the making of a database; it is gone afterwards."""
        side = Folder(self.path / "rebuild")
        shutil.rmtree(side.path, ignore_errors=True)
        with plain_io(side.path):
            side.path.mkdir()
        try:
            yield side
        finally:
            shutil.rmtree(side.path, ignore_errors=True)

    def copy_in(self, backup: Path) -> None:
        """Make a copy of a backup the database; there must be none now."""
        with plain_io(self.path):
            shutil.copyfile(backup, self.database)

    def take_over(self, side: Folder, now: float, why: str) -> Path | None:
        """The database of `aside` takes the place of the one here; returns where that was moved, if there was one."""
        present = any(self.database.with_name(self.database.name + end).exists() for end in ("", "-wal"))
        with plain_io(self.path):
            sqlite.sync(side.database)
            kept = self._move_aside(now, why) if present else None
            side.database.replace(self.database)
            sqlite.sync(self.path)
        return kept

    def kept_backups(self, now: float) -> list[Path]:
        """The nightly backups, newest first; those that a wrong clock dated into the future come last."""
        latest = f"rasid-{stamp(now)}.db"
        return sorted(self.backups.glob("rasid-*.db"), key=lambda path: (path.name <= latest, path.name), reverse=True)

    def space(self, less: int = 0) -> Space:
        """Room on the folder's disk, `less` what is to be written there."""
        found = shutil.disk_usage(self.path)
        free = found.free - less
        return Space(free=free, total=found.total, low=free < min(FLOOR_BYTES, found.total // 20))

    def lay_ballast(self) -> None:
        """Keep some megabytes that can be thrown off when the disk is full; only where there is ample room."""
        if self.ballast.exists() or self.space().free < 16 * self.ballast_bytes:
            return
        try:
            with self.ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, self.ballast_bytes)
        except OSError:
            self.ballast.unlink(missing_ok=True)

    def drop_ballast(self) -> bool:
        """Throw it off, so that what is being sent can be settled; False where it is gone already."""
        try:
            self.ballast.unlink()
        except OSError:
            return False
        return True


def stamp(now: float) -> str:
    """A moment as part of a file name, in UTC."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y%m%d-%H%M%S")


@contextmanager
def plain_io(path: Path) -> Iterator[None]:
    """Turns errors of the file system into StateBusy."""
    try:
        yield
    except OSError as error:
        hint = "look at the disk, its free space and its permissions"
        raise StateBusy(
            f"cannot be written: {error.strerror}", subject=str(error.filename or path), hint=hint
        ) from error


def _mounted_read_only(path: Path) -> bool:
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
