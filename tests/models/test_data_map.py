from __future__ import annotations

import asyncpg

from domain.privacy import words
from domain.privacy.classification import Category, Classification, Erase, Export
from models.data_map import classification_of
from models.register import data_map
from models.tables import TABLES

# Tables of libraries: they hold ids and states, no personal data of ours.
FOREIGN = ("migration", "pgqueuer")


def test_every_column_says_what_it_is() -> None:
    """P-31: a column without its place in the data map fails the build."""
    missing = [f"{table}.{column}" for table, column, known in data_map(TABLES) if known is None]
    assert missing == []


async def test_the_data_map_and_the_database_name_the_same_columns(owner: asyncpg.Connection) -> None:
    """P-02"""
    rows = await owner.fetch(
        "select table_name, column_name from information_schema.columns where table_schema = 'public'"
    )
    real = {(r["table_name"], r["column_name"]) for r in rows if not r["table_name"].startswith(FOREIGN)}
    assert real == {(table, column) for table, column, _ in data_map(TABLES)}


def test_every_table_has_a_name_that_people_understand() -> None:
    assert set(words.TABLES) == {table._meta.tablename for table in TABLES}


def test_what_is_secret_is_never_exported_and_always_erased() -> None:
    for table in TABLES:
        for column in table._meta.columns:
            known = classification_of(column)
            assert isinstance(known, Classification)
            if known.category is Category.SECRET:
                assert known.export is Export.NO and known.erase is Erase.DELETE


def test_an_unclassified_column_would_be_seen() -> None:
    """The check above can fail."""
    from piccolo.columns import Varchar
    from piccolo.table import Table

    class Careless(Table, tablename="careless"):
        name = Varchar()

    assert ("careless", "name", None) in list(data_map((Careless,)))
