from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from domain.privacy.processor_texts import BOKMAAL
from domain.privacy.recipients import processors_of
from domain.processors_file import ProcessorDetails, Unreadable, read
from domain.settings import from_env

ROOT = Path(__file__).resolve().parents[2]


def test_what_is_known_of_a_processor_is_read() -> None:
    entry = {
        "name": "smtp.x.no",
        "company": "Post AS",
        "country": "NO",
        "agreement": "2026-01-02",
        "from": "2027-02-01",
    }
    assert read(json.dumps([entry])) == (
        ProcessorDetails("smtp.x.no", "Post AS", "NO", agreement_on=date(2026, 1, 2), starts_on=date(2027, 2, 1)),
    )


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[1]", [{"name": ""}], [{}], [{"name": "x", "country": "Norge"}], [{"name": "x", "from": "soon"}],
     [{"name": "x", "from": 1}], [{"name": "x" * 300}], [{"name": "x", "more": "y"}], [{"name": "x"}, {"name": "x"}],
     [{"name": "a\nb"}], "[" * 100_000],
)  # fmt: skip
def test_a_file_with_a_mistake_is_refused_with_a_sentence(content: Any) -> None:
    with pytest.raises(Unreadable, match=r"^it |^entry"):
        read(content if isinstance(content, str) else json.dumps(content))


@pytest.mark.parametrize(
    ("country", "inside"), [("NO", True), ("DE", True), ("GB", False), ("US", False), ("", False)]
)
def test_a_transfer_is_what_leaves_the_eea(country: str, inside: bool) -> None:
    assert ProcessorDetails("x", country=country).is_in_the_eea(date(2026, 11, 23)) is inside


def test_the_settings_take_the_file_or_tell_its_mistake(tmp_path: Path) -> None:
    from domain.settings import SettingsError

    path = tmp_path / "processors.json"
    path.write_text('[{"name": "smtp.x.no"}]')
    assert from_env({"SMARTFAKTURA_PROCESSORS": str(path)}, ROOT).processors == (ProcessorDetails("smtp.x.no"),)
    path.write_text("[")
    for named in (str(path), str(tmp_path / "nothing")):
        with pytest.raises(SettingsError, match="SMARTFAKTURA_PROCESSORS"):
            from_env({"SMARTFAKTURA_PROCESSORS": named}, ROOT)


def test_a_notice_says_in_bokmaal_what_the_page_says() -> None:
    said: dict[str, str] = {}
    for path in (ROOT / "locale/nb").glob("*.po"):
        with path.open("rb") as file:
            said |= {m.id: str(m.string) for m in read_po(file, locale="nb") if isinstance(m.id, str)}
    every = from_env(
        {
            "SMARTFAKTURA_SMTP_URL": "smtps://m.x.no", "SMARTFAKTURA_MAIL_FROM": "f@x.no",
            "SMARTFAKTURA_ACCESS_POINT_URL": "https://a.x.no",
            "SMARTFAKTURA_ACCESS_POINT_KEY": "k", "SMARTFAKTURA_DATABASE_URL": "postgresql://d.x.no/x",
            "SMARTFAKTURA_STORAGE_URL": "s3://b",
        },
        ROOT,
    )  # fmt: skip
    texts = {text for one in processors_of(every) for text in (one.service, one.data)}
    assert {text: said[text] for text in texts} == BOKMAAL
