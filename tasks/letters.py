"""From what is to be said to an e-mail: text, HTML, attachment, and a head that holds nothing anybody smuggled in.

No picture, no tracking, no link but our own (privacy check P-06). Our address sends, in the company's name; an answer
goes to the company.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from domain.document_names import document_file, plain_document_file
from domain.einvoice.document import Attachment
from domain.identifiers import format_account
from domain.invoice import Issued
from domain.languages import LANGUAGES
from domain.letter import Letter
from domain.mail import ascii_file_name, greeting_name, header_words, one_address
from domain.money import decimals
from domain.privacy.authorities import authority_of
from domain.reading import show_date, show_decimal
from domain.refusals import Invalid

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = "SmartFaktura"
# On its way it is a third larger; twenty megabytes is what many servers take.
MOST_ENCLOSED = 12 * 1024 * 1024
# Nynorsk falls back on Bokmål, which its readers know; English is the language of the source.
CATALOGS = {code: (code,) for code in LANGUAGES} | {"nn": ("nb", "nn"), "en": ()}
HEAD = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type")
UNSUBSCRIBE = {"List-Unsubscribe": "<{}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}

# Mail programs forget style sheets, so every element carries its own look. Templates name it: {{ look("button") }}.
_FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;"
LOOKS = {
    "page": "margin:0;padding:0;background:#f8f5f0;",
    "around": "padding:32px 12px;",
    "sheet": "width:100%;max-width:560px;background:#ffffff;border:1px solid #e5dfd6;border-radius:8px;",
    "main": f"padding:32px;{_FONT}font-size:16px;line-height:1.5;color:#231f1a;text-align:left;",
    "from": "margin:0 0 24px;font-size:14px;color:#6b6459;",
    "title": "margin:0 0 16px;font-size:24px;line-height:1.25;font-weight:600;color:#231f1a;",
    "text": "margin:0 0 16px;",
    "amount": "margin:0 0 20px;font-size:32px;line-height:1.2;font-weight:600;white-space:nowrap;",
    "facts": "width:100%;margin:0 0 24px;border-collapse:collapse;font-size:15px;",
    "name": "padding:8px 16px 8px 0;border-top:1px solid #e5dfd6;color:#6b6459;font-weight:400;text-align:left;",
    "value": "padding:8px 0;border-top:1px solid #e5dfd6;text-align:right;",
    "button": "display:inline-block;padding:12px 24px;border-radius:8px;background:#1f5c66;color:#ffffff;"
    "font-weight:600;text-decoration:none;",
    "small": "margin:0 0 8px;font-size:14px;color:#6b6459;",
    "link": "color:#1f5c66;word-break:break-all;",
    "foot_link": "color:#6b6459;",
    "foot": f"padding:16px 32px 0;{_FONT}font-size:13px;line-height:1.5;color:#6b6459;text-align:center;",
}


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is the same whatever the letter says. `sent_from` is the platform's address, as configured; answers go to
    `reply_to`, or there."""

    sent_from: str
    recipient: str
    message_id: str
    at: datetime
    reply_to: str = ""

    @property
    def sender(self) -> str:
        """The bare address for the server."""
        return parseaddr(self.sent_from)[1]


def invoice_letter(
    issued: Issued,
    envelope: Envelope,
    *,
    link: str,
    pdf: bytes,
    einvoice: bytes | None = None,
    objection: str = "",
    attachments: Sequence[Attachment] = (),
) -> EmailMessage:
    """The invoice, credit note or quote to the customer, in the document's language, with the PDF, the `attachments` that
    go with it and, under the same name as the PDF, the e-invoice. The e-invoice stays behind when the letter would become
    larger than many mailboxes take (MOST_ENCLOSED): it is on the hosted page, and has the files inside. `link` opens the
    hosted page; `objection`, of a reminder or an offer, is where the customer says that they want no more of them (GDPR
    Art. 21(4))."""
    company = header_words(issued.seller.name)
    words = {"company": company, "number": issued.number, "issued": issued, "link": link, "objection": objection}
    letter = _letter(issued.kind, issued.language, words, envelope, shown_sender=company, objection=objection)
    about = (issued.kind, issued.language, issued.number, company)
    name = document_file(*about, suffix="pdf")
    letter.add_attachment(pdf, maintype="application", subtype="pdf", filename=name)
    # The disposition holds the name in full (RFC 2231); older programs look here and know ASCII only.
    next(letter.iter_attachments()).set_param("name", ascii_file_name(name))
    for file in attachments:
        kind, _, subtype = file.mime.partition("/")
        letter.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.filename)
    enclosed = len(pdf) + sum(len(file.content) for file in attachments)
    if einvoice is not None and enclosed + len(einvoice) <= MOST_ENCLOSED:
        xml_name = plain_document_file(*about, suffix="xml")
        letter.add_attachment(einvoice, maintype="application", subtype="xml", filename=xml_name)
    return letter


def answer_letter(words: Mapping[str, Any], envelope: Envelope, language: str) -> EmailMessage:
    """To the seller: what the customer said to a quote. See templates/emails/quote_answer.txt for the words."""
    plain = {name: header_words(value) if isinstance(value, str) else value for name, value in words.items()}
    return _letter("quote_answer", language, {**plain, "link": words["link"]}, envelope, shown_sender=PRODUCT)


def plan_letter(words: Mapping[str, Any], envelope: Envelope, language: str) -> EmailMessage:
    """To the owner of a plan of recurring invoices that waits. See templates/emails/plan_waits.txt for the words."""
    plain = {**words, "customer": header_words(words["customer"])}
    return _letter("plan_waits", language, plain, envelope, shown_sender=PRODUCT)


def restriction_letter(words: Mapping[str, Any], envelope: Envelope, language: str) -> EmailMessage:
    """To a customer: a restriction ends (GDPR Art. 18(3)). See templates/emails/restriction_lifted.txt for the words."""
    authority = authority_of(words["country"]).shown
    plain = {**words, "company": header_words(words["company"]), "authority": authority}
    return _letter("restriction_lifted", language, plain, envelope, shown_sender=plain["company"])


def account_letter(letter: Letter, envelope: Envelope) -> EmailMessage:
    """A letter about an account, such as the link that confirms an address."""
    words: dict[str, Any] = dict(letter.context)
    # Typed by people who may want to tell a stranger something in our name.
    for typed in ("name", "inviter", "company"):
        words[typed] = greeting_name(letter.context.get(typed, ""))
    return _letter(letter.template, letter.language, words, envelope, shown_sender=PRODUCT)


def request_letter(letter: Letter, envelope: Envelope, sender: str) -> EmailMessage:
    """A letter about a request for one's own data: `sender` is whoever answers it."""
    words = {**letter.context, "controller": header_words(letter.context.get("controller", ""))}
    return _letter(letter.template, letter.language, words, envelope, shown_sender=header_words(sender))


def _letter(
    template: str,
    language: str,
    words: Mapping[str, Any],
    envelope: Envelope,
    *,
    shown_sender: str,
    objection: str = "",
) -> EmailMessage:
    environment = _environment(language)
    text = environment.get_template(f"emails/{template}.txt").make_module(dict(words))
    subject = header_words(str(text.subject))  # type: ignore[attr-defined]
    html = environment.get_template(f"emails/{template}.html").render(**words, subject=subject)
    letter = EmailMessage(policy=SMTP)
    letter["From"] = Address(display_name=shown_sender, addr_spec=envelope.sender)
    letter["To"] = Address(addr_spec=one_address(envelope.recipient))
    letter["Reply-To"] = Address(addr_spec=_usable(envelope.reply_to) or envelope.sender)
    letter["Subject"] = subject
    letter["Date"] = format_datetime(envelope.at)
    letter["Message-ID"] = envelope.message_id
    letter["Auto-Submitted"] = "auto-generated"
    # One click in the mail program itself (RFC 8058), which asks for a safe address.
    unsubscribe = UNSUBSCRIBE if objection.startswith("https://") else {}
    for name, value in unsubscribe.items():
        letter[name] = value.format(objection)
    letter.set_content(f"{text}".strip() + "\n", cte="quoted-printable")
    letter.add_alternative(html, subtype="html", cte="quoted-printable")
    _check_head(letter, (*HEAD, *unsubscribe))
    return letter


def _check_head(letter: EmailMessage, meant: tuple[str, ...]) -> None:
    """The last gate before the outside: exactly our headers, as a mail server will read them (S-23)."""
    head = letter.as_bytes(policy=SMTP).partition(b"\r\n\r\n")[0].decode("ascii")
    names = [line.partition(":")[0] for line in head.splitlines() if line[:1] not in (" ", "\t")]
    if sorted(names) != sorted(meant):
        raise ValueError("the head of the letter is not what was meant")


def _usable(address: str) -> str | None:
    try:
        return one_address(address)
    except Invalid:
        return None


def look(name: str) -> Markup:
    return Markup('style="{}"').format(Markup(LOOKS[name]))  # noqa: S704 - from the table above only


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    gettext = _gettext(language)
    environment.install_gettext_callables(gettext, lambda one, many, n: one, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(language=language, look=look)
    environment.filters.update(
        amount=lambda value, currency: _amount(value, currency, language),
        day=lambda value: _day(value, language),
        account=format_account,
    )
    return environment


def _amount(value: Decimal, currency: str, language: str) -> str:
    places = decimals(currency)
    return show_decimal(value, language, places, places)


def _day(value: date, language: str) -> str:
    """With the month in letters where day and month could be mistaken for one another."""
    return format_date(value, "d MMMM y", locale="en_GB") if language == "en" else show_date(value, language)


class _Catalog(dict[str, str]):
    def __call__(self, message: str) -> str:
        return self.get(message, message)


@cache
def _gettext(language: str) -> _Catalog:
    found = _Catalog()
    for part in CATALOGS.get(language, ()):
        with (ROOT / "locale" / part / "mail.po").open("rb") as file:
            for message in read_po(file, locale=part):
                if isinstance(message.id, str) and message.id and message.string:
                    found[message.id] = str(message.string)
    return found
