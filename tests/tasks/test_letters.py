"""Letters: what they say, in which language, and that nothing else gets in (S-23, P-06)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, meta

from domain.invoice import Credited, Party
from domain.languages import LANGUAGES
from domain.letter import Letter
from tasks import letters
from tasks.letters import HEAD, account_letter, invoice_letter
from tests.tasks.paper import ENVELOPE, LINK, PDF, invoice

EMAILS = Path(letters.__file__).parents[1] / "templates" / "emails"
ACCOUNT_LETTERS = {
    "confirm_email": True,
    "already_registered": False,
    "choose_password": True,
    "reset_password": True,
    "change_email": True,
    "email_changed": False,
    "password_changed": False,
    "export_ready": False,
    "restriction_ends": False,
    "policy_change": False,
    "deletion_asked": False,
    "company_closes": False,
    "deletion_done": False,
    "notice": False,
    "breach": False,
    "breach_alert": False,
    "member_removed": False,
    "handed_over": False,
    "made_owner": False,
}
SMUGGLED = [
    "a\r\nBcc: x@evil.test",
    "=?UTF-8?Q?=0ABcc:x@evil.test?=",
    '"a"@b.test>\r\nTo: x',
    'x"; filename="evil.exe',
    "a\x00b\x0bc\u2028d",
    "Ærlig 😀 \u202eevil",
    "x" * 5000,
]


def received(letter: EmailMessage) -> EmailMessage:
    """As a mail program reads what went over the wire."""
    return message_from_bytes(letter.as_bytes(policy=SMTP), policy=default)


def body(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def words(template: str, **changes: str) -> Letter:
    context = {"name": "Kari Nordmann", "public_url": "https://faktura.example.no"}
    if ACCOUNT_LETTERS[template]:
        context |= {"link": f"https://faktura.example.no/confirm/{'y' * 43}", "minutes": "30"}
    if template == "policy_change":
        place = "https://faktura.example.no/privacy/versions/2026-02-16/2027-03-01"
        context |= {"document": "privacy", "day": "01.03.2027", "address": place}
    if template in ("deletion_asked", "company_closes"):
        context |= {"day": "07.12.2026"}
    if template == "deletion_done":
        context |= {"link": "https://faktura.example.no/deletions/019a0000-0000-7000-8000-000000000000"}
    if template == "notice":
        place = "https://faktura.example.no/company/notices"
        context |= {"title": "A breach of security", "body": "It happened.\n\nWe are sorry.", "address": place}
    if template == "breach":
        context |= {"title": "A breach", "body": "It happened.", "address": "", "authority": "Datatilsynet"}
    if template == "breach_alert":
        context |= {
            "reference": "B-2026-001",
            "hours": "6",
            "address": "https://faktura.example.no/operator/breaches",
        }
    return Letter("kari@example.no", changes.pop("language", "en"), template, context | changes)


def test_the_invoice_letter_says_what_to_pay_to_whom_and_when() -> None:
    letter = received(invoice_letter(invoice(), ENVELOPE, link=LINK, pdf=PDF))
    for text in (body(letter, "plain"), body(letter, "html")):
        for told in ("1042", "12\u00a0500,50 NOK", "07.12.2026", "8601 11 17947", "0010424", LINK):
            assert told in text


def test_the_company_is_the_name_of_the_sender_and_gets_the_answers() -> None:
    letter = received(invoice_letter(invoice(), ENVELOPE, link=LINK, pdf=PDF))
    assert letter["From"].addresses[0].display_name == "Blåtind & Sønn AS"
    assert letter["From"].addresses[0].addr_spec == "faktura@example.no"
    assert [address.addr_spec for address in letter["To"].addresses] == ["post@nordlys.example"]
    assert letter["Reply-To"].addresses[0].addr_spec == "post@blatind.example"
    assert letter["Subject"] == "Faktura 1042 fra Blåtind & Sønn AS"
    assert letter["Message-ID"] == "<0199-abc@example.no>"
    assert letter["Auto-Submitted"] == "auto-generated"


def test_a_company_without_an_address_has_answers_sent_to_the_platform() -> None:
    letter = invoice_letter(invoice(), replace(ENVELOPE, reply_to="not an address"), link=LINK, pdf=PDF)
    assert received(letter)["Reply-To"] == "faktura@example.no"


def test_the_pdf_is_attached_under_a_name_for_new_and_old_programs() -> None:
    letter = received(invoice_letter(invoice(), ENVELOPE, link=LINK, pdf=PDF))
    (attached,) = letter.iter_attachments()
    assert attached.get_content() == PDF
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_filename() == "Faktura-1042-Blåtind-Sønn-AS.pdf"
    assert attached["Content-Type"].params["name"] == "Faktura-1042-Blatind-Sonn-AS.pdf"


@pytest.mark.parametrize(
    ("language", "subject", "amount", "day"),
    [
        ("nb", "Faktura 1042 fra", "12\u00a0500,50", "07.12.2026"),
        ("nn", "Faktura 1042 frå", "12\u00a0500,50", "07.12.2026"),
        ("en", "Invoice 1042 from", "12,500.50", "7 December 2026"),
        ("sv", "Faktura 1042 från", "12\u00a0500,50", "2026-12-07"),
        ("da", "Faktura 1042 fra", "12.500,50", "07.12.2026"),
        ("de", "Rechnung 1042 von", "12.500,50", "07.12.2026"),
        ("fr", "Facture 1042 de", "12\u00a0500,50", "07/12/2026"),
        ("es", "Factura 1042 de", "12.500,50", "07/12/2026"),
        ("nl", "Factuur 1042 van", "12.500,50", "07-12-2026"),
        ("pl", "Faktura 1042 od", "12\u00a0500,50", "07.12.2026"),
        ("fi", "Lasku 1042:", "12\u00a0500,50", "7.12.2026"),
    ],
)
def test_the_letter_speaks_the_language_of_the_document(language: str, subject: str, amount: str, day: str) -> None:
    letter = received(invoice_letter(invoice(language=language), ENVELOPE, link=LINK, pdf=PDF))
    assert letter["Subject"].startswith(subject)
    assert amount in body(letter, "plain")
    assert day in body(letter, "plain")
    assert f'<html lang="{language}">' in body(letter, "html")


def test_an_invoice_abroad_names_iban_and_bic_and_what_to_mark_the_payment_with() -> None:
    abroad = invoice(bank_account="", iban="NO9386011117947", bic="DNBANOKKXXX", kid="", language="en")
    text = body(received(invoice_letter(abroad, ENVELOPE, link=LINK, pdf=PDF)), "plain")
    assert "IBAN: NO93 8601 1117 947" in text
    assert "BIC: DNBANOKKXXX" in text
    assert "Mark the payment with: Invoice 1042" in text
    assert "KID" not in text


def test_p06_a_letter_has_no_picture_no_script_and_no_link_but_our_own() -> None:
    evil = invoice(
        seller=Party(name='<img src="http://evil.test/p.gif"> http://evil.test <script>x</script>', email="a@b.no"),
        note="http://evil.test/note",
    )
    letter = received(invoice_letter(evil, ENVELOPE, link=LINK, pdf=PDF))
    html = body(letter, "html")
    assert "<img" not in html
    assert "<script" not in html
    assert "background-image" not in html
    for text in (html, body(letter, "plain")):
        assert re.findall(r"(?:https?:)?//[^\s\"<]+", text)
        assert set(re.findall(r"(?:https?:)?//[^\s\"<]+", text)) == {LINK, f"{LINK}/privacy"}


OURS = "https://faktura.example.no"
TYPED = '<img src=x onerror=alert(1)> "quoted" & more'


class Anything(str):
    """What somebody typed, in place of whatever a letter takes: a text, or something with parts."""

    def __getattr__(self, name: str) -> Anything:
        if name.startswith("__"):
            raise AttributeError(name)
        return OURS_ALONE if name in LINKS else self


LINKS = frozenset({"link", "address", "public_url", "objection"})
OURS_ALONE = Anything(f"{OURS}/i/secret")


@cache
def all_words() -> tuple[Environment, dict[str, Anything]]:
    """Where letters are written, and something for each word that any of them takes."""
    environment = letters._environment("en").overlay()
    plain = dict.fromkeys(("amount", "day", "account"), lambda value, *_: str(value))
    environment.filters = {**environment.filters, **plain}
    taken: set[str] = set()
    for path in EMAILS.iterdir():
        taken |= meta.find_undeclared_variables(environment.parse(path.read_text("utf-8")))
    words = {name: OURS_ALONE if name in LINKS else Anything(TYPED) for name in taken - set(environment.globals)}
    return environment, {**words, "what": Anything("A copy of your data")}  # a text of our own, which is translated


@pytest.mark.parametrize("template", sorted(path.stem for path in EMAILS.glob("[!_]*.txt")))
def test_p06_no_letter_at_all_has_a_picture_a_script_or_a_link_but_our_own(template: str) -> None:
    """Every letter that there is, by its file: a new one is held to it without being named here."""
    environment, words = all_words()
    html = environment.get_template(f"emails/{template}.html").render(**words)
    text = str(environment.get_template(f"emails/{template}.txt").make_module(words))
    assert not re.findall(r"<(?:img|script|style|link|iframe|object|form|input|svg|video|audio)\b", html)
    assert not re.findall(r"url\(|\ssrc=[\"']|\sbackground=", html)
    found = re.findall(r"(?:https?:)?//[^\s\"<]+", html + text) + re.findall(r"href=\"([^\"]*)\"", html)
    assert all(link.startswith((OURS, "mailto:")) for link in found), found


@pytest.mark.parametrize("template", ACCOUNT_LETTERS)
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_account_letter_can_be_written_in_every_language(template: str, language: str) -> None:
    letter = received(account_letter(words(template, language=language), ENVELOPE))
    text, html = body(letter, "plain"), body(letter, "html")
    assert "Kari Nordmann" in text
    assert "Kari Nordmann" in html
    assert letter["From"].addresses[0].display_name == "SmartFaktura"
    # One click from every letter (P-41).
    assert (
        "https://faktura.example.no/privacy" in text.split() and 'href="https://faktura.example.no/privacy"' in html
    )
    if ACCOUNT_LETTERS[template]:
        assert "/confirm/" in text
        assert "/confirm/" in html
        assert "30 min" in text
    assert set(re.findall(r"https?://[^\s\"</]+", text + html)) <= {"https://faktura.example.no"}


# Letters to customers go out in the languages of documents, those about an account in those of the pages.
TO_CUSTOMERS = (
    "invoice.html",
    "invoice.txt",
    "credit_note.html",
    "credit_note.txt",
    "quote.html",
    "quote.txt",
    "_request.txt",
    "request.html",
    "request.txt",
    "request_code.html",
    "request_code.txt",
    "_letter.html",
)


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_sentence_of_a_letter_is_translated(language: str) -> None:
    known = letters._gettext(language)
    assert "If the button does not work, copy this address into your browser:" in known
    for path in (letters.ROOT / "templates" / "emails").iterdir():
        if language not in ("nb", "nn") and path.name not in TO_CUSTOMERS:
            continue
        for sentence in re.findall(r'_\("((?:[^"\\]|\\.)*)"', path.read_text(encoding="utf-8")):
            assert sentence in known, f"{path.name}: {sentence}"


def test_a_credit_note_is_not_sent_as_something_to_pay() -> None:
    credited = invoice(kind="credit_note", credits=Credited("1007", date(2026, 10, 1)), language="en")
    letter = received(invoice_letter(credited, ENVELOPE, link=LINK, pdf=PDF))
    assert letter["Subject"].startswith("Credit note 1042 for invoice 1007 from")
    for text in (body(letter, "plain"), body(letter, "html")):
        assert "12,500.50 NOK" in text and "1007" in text and "nothing to pay" in text
        assert "Pay by" not in text and "KID" not in text
    (attached,) = letter.iter_attachments()
    assert (attached.get_filename() or "").startswith("Credit-note-1042")


def test_the_life_of_a_link_is_told_in_hours_when_it_is_long() -> None:
    letter = received(account_letter(words("confirm_email", minutes="1440"), ENVELOPE))
    assert "for 24 hours" in body(letter, "plain")


def test_a_stranger_does_not_choose_what_a_letter_says() -> None:
    letter = received(account_letter(words("confirm_email", name="You won! www.evil.test"), ENVELOPE))
    assert "evil" not in letter.as_string()


@pytest.mark.parametrize("text", SMUGGLED)
def test_s23_nothing_typed_becomes_a_header(text: str) -> None:
    typed = invoice(seller=Party(name=text, email=text), number=text[:20], note=text)
    letter = invoice_letter(typed, replace(ENVELOPE, reply_to=text), link=LINK, pdf=PDF)
    head, _, _ = letter.as_bytes(policy=SMTP).partition(b"\r\n\r\n")
    names = [line.partition(b":")[0].decode() for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")]
    assert sorted(names) == sorted(HEAD)
    read = received(letter)
    assert [address.addr_spec for address in read["To"].addresses] == ["post@nordlys.example"]
    assert read["Bcc"] is None
    (attached,) = read.iter_attachments()
    name = attached.get_filename() or ""
    assert name.endswith(".pdf")
    assert not set(name) & set('"\r\n;/\\')


@settings(max_examples=40)
@given(name=st.text(max_size=200), number=st.text(max_size=20))
def test_s23_no_text_at_all_becomes_a_header(name: str, number: str) -> None:
    letter = invoice_letter(invoice(seller=Party(name=name), number=number), ENVELOPE, link=LINK, pdf=PDF)
    read = message_from_bytes(letter.as_bytes(policy=SMTP))
    assert sorted(read.keys()) == sorted(HEAD)


@pytest.mark.parametrize("recipient", SMUGGLED)
def test_s23_no_letter_is_written_to_what_is_no_address(recipient: str) -> None:
    with pytest.raises(ValueError, match="email"):
        invoice_letter(invoice(), replace(ENVELOPE, recipient=recipient), link=LINK, pdf=PDF)
