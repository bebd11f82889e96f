"""Brings a database to the present schema: Alembic, in one transaction, so that a killed migration never happened."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

import monitor.store.search as search
from monitor.errors import StateBroken
from monitor.store.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

HOME = Path(__file__).with_name("migrations")
_REVISION = re.compile(r"^(revision|down_revision)\b[^=\n]*= *[\"'](\w+)[\"']", re.MULTILINE)


def config() -> Config:
    """Alembic's settings, wherever the package lies."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(HOME).replace("%", "%%"))
    return made


def present(connection: sa.Connection) -> str:
    """The schema revision of a database; "" where there is none yet."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    return connection.scalar(sa.text("SELECT version_num FROM alembic_version")) or ""


def revisions() -> tuple[frozenset[str], str]:
    """All revisions and the newest, read from the files: a start on a present database needs no Alembic in memory."""
    found = [dict(_REVISION.findall(path.read_text("utf-8"))) for path in (HOME / "versions").glob("*.py")]
    known = frozenset(one["revision"] for one in found if "revision" in one)
    (head,) = known - {one.get("down_revision") for one in found}
    return known, head


def behind(connection: sa.Connection) -> bool:
    """Whether the database is older than this program. Raises StateBroken where it is newer."""
    revision, (known, head) = present(connection), revisions()
    if revision and revision not in known:
        raise StateBroken(
            f"the database was written by a newer Rasid (schema {revision})",
            hint="install that version again, or restore an older backup with `rasid restore FILE`",
        )
    return revision != head


def begin(connection: sa.Connection) -> None:
    """The newest schema in an empty database, inside the connection's transaction: a first start needs no Alembic."""
    metadata.create_all(connection)
    connection.exec_driver_sql(search.CREATE)
    version = sa.Column("version_num", sa.String(32), nullable=False)
    stamp = sa.Table(
        "alembic_version", sa.MetaData(), version, sa.PrimaryKeyConstraint(version, name="alembic_version_pkc")
    )
    stamp.create(connection)
    connection.execute(sa.insert(stamp), {"version_num": revisions()[1]})


def upgrade(connection: sa.Connection) -> None:
    """Migrate to the newest schema inside the connection's transaction."""
    from alembic import command

    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
