"""The data map in order: which data is kept about whom, why, on which ground, how long, and what becomes of it.

Everything here is computed from the classification on the columns. A new table is in all of it by being declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.privacy.classification import Basis, Category, Classification, Erase, Export, Purpose, Retention


class Subject(StrEnum):
    """Whom data is about (GDPR Art. 30(1)(c))."""

    HOLDER = "account holder"
    CUSTOMER = "customer"
    VISITOR = "visitor"


SUBJECTS: dict[Category, tuple[Subject, ...]] = {
    Category.ACCOUNT: (Subject.HOLDER,),
    Category.BUSINESS: (Subject.HOLDER,),
    Category.CUSTOMER: (Subject.CUSTOMER,),
    Category.INVOICE: (Subject.HOLDER, Subject.CUSTOMER),
    Category.USAGE: (Subject.HOLDER,),
    Category.SECRET: (Subject.HOLDER,),
    Category.TECHNICAL: (),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the running schema."""

    table: str
    column: str
    known: Classification

    @property
    def is_personal(self) -> bool:
        """Keys, counters and states say nothing of a person by themselves."""
        return self.known.category is not Category.TECHNICAL


@dataclass(frozen=True, slots=True)
class Group:
    """The columns of one classification, by table."""

    known: Classification
    tables: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def count(self) -> int:
        return sum(len(columns) for _, columns in self.tables)


@dataclass(frozen=True, slots=True)
class Activity:
    """One line of the record of processing: a purpose on one ground, and all that serves it (Art. 30)."""

    purpose: Purpose
    basis: Basis
    subjects: tuple[Subject, ...]
    categories: tuple[Category, ...]
    columns: tuple[str, ...]
    retentions: tuple[Retention, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """The whole map, in the order of the schema."""

    fields: tuple[Field, ...]

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(field.table for field in self.fields))

    def groups(self) -> tuple[Group, ...]:
        """Columns of one classification together, in the order of the categories in the policy."""
        return tuple(
            Group(known, tuple(_by_table(field for field in self.fields if field.known == known)))
            for known in sorted({field.known for field in self.fields}, key=_place)
        )

    def collected(self) -> tuple[tuple[Category, tuple[str, ...]], ...]:
        """What is collected: for each category the names of its columns, each once, without what only the app needs."""
        personal = [field for field in self.fields if field.is_personal and field.known.export is not Export.NO]
        found = {
            category: tuple(dict.fromkeys(field.column for field in personal if field.known.category is category))
            for category in Category
        }
        return tuple((category, columns) for category, columns in found.items() if columns)

    def activities(self) -> tuple[Activity, ...]:
        """Why: each purpose with its ground, and what serves it."""
        personal = [field for field in self.fields if field.is_personal]
        pairs = dict.fromkeys((purpose, basis) for purpose in Purpose for basis in Basis)
        found = (
            _activity(*pair, [field for field in personal if (field.known.purpose, field.known.basis) == pair])
            for pair in pairs
        )
        return tuple(activity for activity in found if activity.columns)

    def erased(self, how: Erase) -> tuple[Field, ...]:
        """The columns that an erasure treats so."""
        return tuple(field for field in self.fields if field.known.erase is how)


def register_of(columns: Iterable[tuple[str, str, Classification | None]]) -> Register:
    """Raises ValueError for a column without its place in the data map: a list with holes would be a lie."""
    fields = []
    for table, column, known in columns:
        if known is None:
            raise ValueError(f"{table}.{column} has no place in the data map")
        fields.append(Field(table, column, known))
    return Register(tuple(fields))


def _activity(purpose: Purpose, basis: Basis, fields: list[Field]) -> Activity:
    categories = [category for category in Category if any(field.known.category is category for field in fields)]
    subjects = dict.fromkeys(subject for category in categories for subject in SUBJECTS[category])
    retentions = dict.fromkeys(field.known.retention for field in fields)
    columns = dict.fromkeys(field.column for field in fields)
    return Activity(purpose, basis, tuple(subjects), tuple(categories), tuple(columns), tuple(retentions))


def _by_table(fields: Iterable[Field]) -> Iterator[tuple[str, tuple[str, ...]]]:
    found: dict[str, list[str]] = {}
    for field in fields:
        found.setdefault(field.table, []).append(field.column)
    for table, columns in found.items():
        yield table, tuple(columns)


_ORDER = (
    Category.ACCOUNT, Category.BUSINESS, Category.CUSTOMER, Category.INVOICE, Category.USAGE, Category.SECRET,
    Category.TECHNICAL,
)  # fmt: skip


def _place(known: Classification) -> tuple[int, str, str, str]:
    return _ORDER.index(known.category), known.purpose.name, known.retention.name, known.erase.name
