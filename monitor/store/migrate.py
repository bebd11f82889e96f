"""Brings a database to the present schema: Alembic, in one transaction, so that a killed migration never happened."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from monitor.errors import StateBroken

HOME = Path(__file__).with_name("migrations")


def config() -> Config:
    """Alembic's settings, wherever the package lies."""
    made = Config()
    made.set_main_option("script_location", str(HOME).replace("%", "%%"))
    return made


def present(connection: sa.Connection) -> str:
    """The schema revision of a database; "" where there is none yet."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def behind(connection: sa.Connection) -> bool:
    """Whether the database is older than this program. Raises StateBroken where it is newer."""
    revision, script = present(connection), ScriptDirectory.from_config(config())
    if revision and revision not in {r.revision for r in script.walk_revisions()}:
        raise StateBroken(
            f"the database was written by a newer Rasid (schema {revision})",
            hint="install that version again, or restore an older backup with `rasid restore FILE`",
        )
    return revision != script.get_current_head()


def upgrade(connection: sa.Connection) -> None:
    """Migrate to the newest schema inside the connection's transaction."""
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
