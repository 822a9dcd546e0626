from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from domain.einvoice import cii, ubl
from domain.einvoice.document import EN_16931
from domain.einvoice.reading import document_of
from tasks.gateways.einvoice_parsing import DEEPEST, MOST_BYTES, Unsafe, parse
from tasks.gateways.einvoice_validator import CHECKOUT, Checked, RefusedXml, Unavailable, Validator
from tests.domain.einvoice.documents import issued

SAMPLES = CHECKOUT / "tests/domain/einvoice/samples"
INVOICE = ubl.write(document_of(issued()))
BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;">]><a>&d;</a>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>"""
# Says that it is ready, and then nothing more.
HANGS = "import sys, time; sys.stdout.buffer.write(b'\\0\\0\\0\\2{}'); sys.stdout.flush(); time.sleep(600)"
# The first worker hangs; the next one answers.
HANGS_ONCE = """
import pathlib, struct, sys, time
mark = pathlib.Path(sys.argv[1])
is_first = not mark.exists()
mark.touch()
def say(text):
    sys.stdout.buffer.write(struct.pack('>I', len(text)) + text)
    sys.stdout.flush()
say(b'{}')
(length,) = struct.unpack('>I', sys.stdin.buffer.read(4))
sys.stdin.buffer.read(length)
if is_first:
    time.sleep(600)
say(b'{"findings": []}')
sys.stdin.buffer.read()
"""
# Finds nothing wrong, ever.
AGREES = """
import struct, sys
while True:
    sys.stdout.buffer.write(struct.pack('>I', 16) + b'{"findings": []}')
    sys.stdout.flush()
    head = sys.stdin.buffer.read(4)
    if not head:
        break
    sys.stdin.buffer.read(struct.unpack('>I', head)[0])
"""
RULE = """<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
 xmlns:svrl="http://purl.oclc.org/dsdl/svrl"><xsl:template match="/"><svrl:schematron-output>
 <svrl:failed-assert id="OUR-1" flag="warning" location="/x"><svrl:text>Ours</svrl:text></svrl:failed-assert>
 </svrl:schematron-output></xsl:template></xsl:stylesheet>"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def validator() -> AsyncIterator[Validator]:
    validator = Validator(seconds=60)
    yield validator
    await validator.close()


async def test_a_right_document_is_valid_in_both_syntaxes(validator: Validator) -> None:
    assert await validator.check(INVOICE) == Checked()
    assert await validator.check(cii.write(document_of(issued()))) == Checked()


async def test_a_broken_rule_is_named_with_its_place(validator: Validator) -> None:
    outcome = await validator.check(INVOICE.replace(b">2500.00</cbc:PayableAmount>", b">2400.00</cbc:PayableAmount>"))
    assert isinstance(outcome, Checked) and not outcome.is_valid
    assert [rule.rule for rule in outcome.broken] == ["BR-CO-16"]
    assert "LegalMonetaryTotal" in outcome.broken[0].place


@pytest.mark.parametrize(
    "profile",
    [
        "#compliant#urn:factur-x.eu:1p0:basic",
        "#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
        "#conformant#urn:factur-x.eu:1p0:extended",
    ],
)
async def test_a_suppliers_invoice_is_judged_by_the_profile_it_follows(validator: Validator, profile: str) -> None:
    claimed = cii.write(document_of(issued())).replace(EN_16931.encode(), (EN_16931 + profile).encode(), 1)
    assert await validator.check(claimed) == Checked()


async def test_what_the_profile_has_no_room_for_is_less_important(validator: Validator) -> None:
    """As in the official examples of EN 16931, of which Factur-X takes a part."""
    outcome = await validator.check((SAMPLES / "CII_example5.xml").read_bytes())
    assert isinstance(outcome, Checked) and outcome.is_valid
    assert {rule.rule for rule in outcome.broken} == {"FX-NOT-USED"}


async def test_what_breaks_the_schema_is_not_given_to_the_rules(validator: Validator) -> None:
    outcome = await validator.check(INVOICE.replace(b"cbc:DueDate", b"cbc:DuesDate"))
    assert isinstance(outcome, Checked) and not outcome.is_valid
    assert {rule.rule for rule in outcome.broken} == {"XSD"}


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (BILLION_LAUGHS, "dtd"),
        (EXTERNAL, "dtd"),
        (EXTERNAL.decode().replace('version="1.0"', 'version="1.0" encoding="UTF-16"').encode("utf-16"), "dtd"),
        (b"<a>" * 30_000 + b"</a>" * 30_000, "too_deep"),
        (b"<a>" * (DEEPEST + 1), "too_deep"),
        (b"<a>", "malformed"),
        (b"", "malformed"),
        (b"%PDF-1.7", "malformed"),
        (b"<a/>", "unknown_kind"),
        (b" " * (MOST_BYTES + 1), "too_large"),
    ],
)
async def test_dangerous_or_strange_xml_is_refused_and_the_next_document_judged(
    validator: Validator, xml: bytes, code: str
) -> None:
    assert await validator.check(xml) == RefusedXml(code)
    assert await validator.check(INVOICE) == Checked()


def test_the_parser_counts_elements() -> None:
    with pytest.raises(Unsafe) as refused:
        parse(b"<a>" + b"<b/>" * 100_001 + b"</a>")
    assert refused.value.code == "too_many"


def test_the_parser_keeps_what_a_document_says() -> None:
    assert parse("<a><b>Æ</b></a>".encode()).findtext("b") == "Æ"


async def test_a_worker_that_hangs_makes_the_document_unavailable_and_is_killed() -> None:
    validator = Validator(seconds=0.05, command=(sys.executable, "-c", HANGS))
    assert await validator.check(INVOICE) == Unavailable("timeout")
    assert validator._process is None
    await validator.close()


async def test_a_worker_that_hangs_is_replaced(tmp_path: Path) -> None:
    command = (sys.executable, "-c", HANGS_ONCE, str(tmp_path / "mark"))
    validator = Validator(seconds=1, command=command)
    assert await validator.check(INVOICE) == Unavailable("timeout")
    validator._seconds = 60
    assert await validator.check(INVOICE) == Checked()
    await validator.close()


async def test_a_worker_that_can_not_start_makes_the_document_unavailable() -> None:
    crashing = Validator(command=(sys.executable, "-c", "raise SystemExit(1)"))
    assert await crashing.start() == Unavailable("crashed")
    assert await crashing.check(INVOICE) == Unavailable("crashed")
    missing = Validator(command=("/nowhere/python",))
    assert await missing.check(INVOICE) == Unavailable("crashed")
    assert not Unavailable("crashed").is_valid


async def test_a_worker_that_was_killed_is_replaced() -> None:
    validator = Validator(seconds=60, command=(sys.executable, "-c", AGREES))
    assert await validator.start() is None
    assert validator._process is not None
    validator._process.kill()
    await validator._process.wait()
    assert await validator.check(INVOICE) == Checked()
    await validator.close()
    assert await validator.check(INVOICE) == Unavailable("closed")


async def test_many_may_ask_at_once(validator: Validator) -> None:
    assert await asyncio.gather(*(validator.check(INVOICE) for _ in range(5))) == [Checked()] * 5


async def test_an_administrator_s_own_rules_are_run_too(tmp_path: Path) -> None:
    (tmp_path / "ours.xslt").write_text(RULE, encoding="utf-8")
    validator = Validator(tmp_path, seconds=60)
    outcome = await validator.check(INVOICE)
    assert isinstance(outcome, Checked) and outcome.is_valid
    assert [rule.rule for rule in outcome.broken] == ["OUR-1"]
    await validator.close()


async def test_the_rules_of_peppol_are_not_for_a_document_that_does_not_follow_them(tmp_path: Path) -> None:
    (tmp_path / "ours.xslt").write_text(RULE, encoding="utf-8")
    validator = Validator(tmp_path, seconds=60)
    assert await validator.check(ubl.write(document_of(issued(), is_peppol=False))) == Checked()
    await validator.close()


async def test_rules_that_do_not_compile_make_every_document_unavailable_and_are_named(tmp_path: Path) -> None:
    (tmp_path / "ours.xslt").write_text("<not-a-style-sheet/>", encoding="utf-8")
    validator = Validator(tmp_path, seconds=60)
    assert await validator.start() == Unavailable("rules", "ours.xslt")
    assert await validator.check(INVOICE) == Unavailable("rules", "ours.xslt")
    await validator.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's limits are read from /proc")
async def test_the_worker_has_little_memory_and_time_none_of_our_settings_and_no_way_to_gain_rights(
    validator: Validator,
) -> None:
    await validator.check(INVOICE)
    assert validator._process is not None
    place = Path(f"/proc/{validator._process.pid}")
    limits = {row[:26].strip(): row[26:].split()[0] for row in place.joinpath("limits").read_text().splitlines()}
    assert limits["Max data size"] == str(1024**3) and limits["Max core file size"] == "0"
    assert limits["Max cpu time"].isdigit() and limits["Max open files"] == "64"
    assert b"SMARTFAKTURA" not in place.joinpath("environ").read_bytes()
    status = dict(row.split(":\t", 1) for row in place.joinpath("status").read_text().splitlines() if ":\t" in row)
    assert status["NoNewPrivs"] == "1"
