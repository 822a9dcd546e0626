"""What a deletion takes, what it renames, what the law keeps and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from domain.privacy.classification import ACCOUNT, ACCOUNT_NAME, ACCOUNTING, AUDIT, KEY
from domain.privacy.erasure import (
    CompanyPlan,
    Ending,
    Fate,
    Line,
    Part,
    Plan,
    canonical,
    ending_of,
    fate_of,
    lines_of,
    parts_of,
    pseudonym,
)
from domain.privacy.register import register_of

MAP = register_of(
    [
        ("person", "id", KEY), ("person", "name", ACCOUNT_NAME), ("person", "language", ACCOUNT),
        ("session", "person_id", KEY), ("session", "browser", ACCOUNT),
        ("payment", "id", KEY), ("payment", "amount", ACCOUNTING), ("payment", "sender", ACCOUNT),
        ("trail", "hash", AUDIT),
    ]
)  # fmt: skip
COMPANY = CompanyPlan(UUID(int=1), "Fjord AS", Ending.CLOSES, 0, 7, "NO", (Line("draft", Fate.DELETED, 3),))
PLAN = Plan("account", "kari@example.test", (), (COMPANY,))


def test_a_table_has_the_mildest_fate_of_its_columns() -> None:
    fates = {table: fate_of(MAP, table) for table in MAP.tables}
    assert fates == {
        "person": Fate.PSEUDONYMISED, "session": Fate.DELETED, "payment": Fate.HELD, "trail": None,
    }  # fmt: skip
    assert [part.name for part in parts_of(MAP, MAP.tables)] == ["person", "session", "payment"]


@pytest.mark.parametrize(
    ("role", "others", "owners", "ending"),
    [
        ("owner", 0, 0, Ending.CLOSES),
        ("admin", 0, 0, Ending.CLOSES),
        ("owner", 2, 0, Ending.BLOCKS),
        ("owner", 2, 1, Ending.LEAVES),
        ("viewer", 2, 0, Ending.LEAVES),
    ],
)
def test_a_company_closes_blocks_or_is_left(role: str, others: int, owners: int, ending: Ending) -> None:
    assert ending_of(role, others, owners) is ending


def test_what_is_held_has_its_own_day_or_that_of_the_documents_it_belongs_to() -> None:
    parts = (
        Part("draft", "invoice", Fate.DELETED),
        Part("issued", "invoice", Fate.HELD, day="issued_on"),
        Part("payment", "payment", Fate.HELD),
        Part("quote", "quote", Fate.DELETED),
    )
    counts = {"draft": 1, "issued": 2, "payment": 2, "quote": 0}
    months = {"issued": [date(2025, 12, 1), date(2026, 1, 1)]}
    lines = lines_of(parts, counts, months, "NO", 12)
    assert lines == (
        Line("draft", Fate.DELETED, 1),
        Line("issued", Fate.HELD, 2, date(2031, 12, 31)),
        Line("payment", Fate.HELD, 2, date(2031, 12, 31)),
    )
    assert lines_of(parts, counts, months, "NO", 6)[1].until == date(2031, 6, 30)


def test_another_plan_has_another_fingerprint() -> None:
    """What was confirmed is what was shown, or nothing is done."""
    others = (
        replace(COMPANY, version=8),
        replace(COMPANY, ending=Ending.LEAVES),
        replace(COMPANY, lines=(Line("draft", Fate.DELETED, 4),)),
        replace(COMPANY, name="Fjell AS"),
    )
    found = {PLAN.fingerprint, *(replace(PLAN, companies=(other,)).fingerprint for other in others)}
    assert len(found) == 5
    assert replace(PLAN, lines=(Line("session", Fate.DELETED, 9),)).fingerprint == PLAN.fingerprint


def test_a_pseudonym_is_one_for_each_and_says_nothing() -> None:
    assert pseudonym(b"\x01\x02\x03\x04\x05") == "deleted-01020304"


def test_a_certificate_is_the_same_however_it_was_laid_out() -> None:
    assert canonical({"b": 1, "a": "ø"}) == canonical({"a": "ø", "b": 1}) == '{"a":"ø","b":1}'.encode()
