"""`app/adapters/tables.py` says what the migrations make: names, types, nullability and primary keys."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from app.adapters.database import migrate, open_engine
from app.adapters.tables import metadata
from tests.fixtures.database import execute

NOT_OURS = {"alembic_version"}
Columns = dict[str, tuple[str, bool]]


def declared(table: str) -> Columns:
    """Type and nullability of each column as `tables.py` has them."""
    return {column.name: (_spell(column.type), bool(column.nullable)) for column in metadata.tables[table].columns}


def _spell(kind: TypeEngine[object]) -> str:
    return kind.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]


async def look(dsn: str) -> dict[str, tuple[Columns, list[str]]]:
    """What stands in the database: columns and primary key per table."""

    def read(connection: SyncConnection) -> dict[str, tuple[Columns, list[str]]]:
        inspector = inspect(connection)
        return {
            name: (
                {column["name"]: (_spell(column["type"]), bool(column["nullable"])) for column in inspector.get_columns(name)},
                inspector.get_pk_constraint(name)["constrained_columns"],
            )
            for name in inspector.get_table_names()
        }

    engine = open_engine(dsn, size_max=1)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(read)
    finally:
        await engine.dispose()


async def test_tables_are_those_that_the_migrations_make(database: str) -> None:
    """No table, column, type, nullability or primary key more, less or otherwise."""
    made = await look(database)

    assert set(made) - NOT_OURS == set(metadata.tables)
    for name, (columns, key) in made.items():
        if name not in NOT_OURS:
            assert declared(name) == columns, name
            assert [column.name for column in metadata.tables[name].primary_key.columns] == key, name


def test_migrating_twice_changes_nothing(database: str) -> None:
    """A process that starts migrates first; most of the time there is nothing to do."""
    [before] = execute(database, "select version_num from alembic_version")

    migrate(database)

    assert execute(database, "select version_num from alembic_version") == [before]


@pytest.mark.parametrize("statement", ["update boeking set bedrag_cent = 1", "delete from boeking", "truncate boeking"])
def test_the_database_refuses_to_change_a_boeking(database: str, statement: str) -> None:
    """A mistake is corrected by a new boeking (DESIGN section 6)."""
    import asyncpg

    execute(
        database,
        "insert into rekening (soort, gemeente, agb) values ('kosten', '0664', ''), ('crediteur', '0664', '42420001')",
        """
        insert into boeking (bericht_nr, regel, soort, volgnr, debet, credit, bedrag_cent, domein, zorgvorm, zorgmaand, boekdatum, client_id,
                             regelset)
        select 1, 1, 'prestatie', 0, min(rekening_nr), max(rekening_nr), 100, 'ijw', 'ambulant', '2026-05-01', '2026-06-03', 1, 'x' from rekening
        """,
    )

    with pytest.raises(asyncpg.PostgresError):
        execute(database, statement)

    assert [row["bedrag_cent"] for row in execute(database, "select bedrag_cent from boeking")] == [100]
