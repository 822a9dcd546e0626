"""The privacy page of an invoice or a quote: its customer sees what is kept, and asks the business about it. No account,
no cookie.

The secret link shows who decides about the data. A code to the address that already stands on the document opens the
rest. Whom no code can reach writes to the business instead, which finds out who they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Stream

from actions import customer_copy, customer_passes, customer_requests, limits
from actions.clock import now
from actions.customer_passes import Opened
from actions.customer_requests import Asked
from actions.outcomes import NotFound
from domain.invoice import Issued
from domain.mail import one_address
from domain.privacy import request_words
from domain.privacy.authorities import authority_of
from domain.privacy.objection import CUSTOMER_PURPOSES, CustomerPurpose
from domain.privacy.requests import CORRECTABLE, LONGEST_TEXT, Kind
from models.queries.customer_requests import customer_page
from models.queries.holds import law_ends
from models.queries.quotes import HostedQuote
from routes.forms.base import Form, FormData, Reader, read_form
from routes.guards import public
from routes.hosted import PRIVATE, found_invoice, in_languages
from routes.hosted_quote import found_quote
from routes.i18n import language_of, translator
from routes.pages import Answer, AnyRequest, page, see_other

# The rights that a customer exercises here; a correction proposes values, an objection chooses a use.
OFFERED = (Kind.ACCESS, Kind.CORRECTION, Kind.DELETION, Kind.RESTRICTION, Kind.OBJECTION)
LONGEST = {"name": 200, "address_line1": 200, "postcode": 20, "city": 100, "email": 254, "phone": 40}
MOST_TRIES_AN_HOUR = 20
MOST_REQUESTS_A_DAY = 20


# What is asked for in a letter that nobody has proven to be theirs.
IN_LETTERS = (Kind.ACCESS, Kind.CORRECTION, Kind.DELETION, Kind.RESTRICTION, Kind.OTHER)
MOST_LETTERS_A_DAY = 5


@dataclass(frozen=True, slots=True)
class Place:
    """The document of the address, and the addresses around it. `kept_until` is None where no law keeps it; `country` is
    where the business is now."""

    organisation_id: UUID
    document_id: UUID
    is_quote: bool
    document: Issued
    path: str
    kept_until: date | None
    country: str
    time_zone: str

    def asking(self, email: str, language: str, *, is_proven: bool = True) -> Opened:
        """Whoever reads mail at `email`."""
        ids = (None, self.document_id) if self.is_quote else (self.document_id, None)
        return Opened(self.organisation_id, ids[0], email, language, ids[1], is_proven)

    @property
    def email(self) -> str:
        return self.document.buyer.email


def doors(suffix: str = "") -> list[str]:
    """The same page for an invoice and for a quote."""
    return [f"/{door}/{{token:str}}/privacy{suffix}" for door in ("i", "q")]


class HostedPrivacyController(Controller):
    guards = (public,)

    @get(doors(), name="hosted_privacy.show")
    async def show(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        return _answer(request, await _place(request, token), "hosted/privacy.html", form=Form(), is_sent=False)

    @post(doors("/code"), status_code=200, name="hosted_privacy.send_code")
    async def send_code(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        """Send a code to the address on the document, which nobody can choose here."""
        place = await _place(request, token)
        if not place.email:
            raise NotFound
        await customer_passes.send_code(place.asking(place.email, place.document.language))
        return _go(request, f"{place.path}/code")

    @get(doors("/code"), name="hosted_privacy.code")
    async def code(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        return _answer(request, await _place(request, token), "hosted/privacy.html", form=Form(), is_sent=True)

    @post(doors("/entry"), status_code=200, name="hosted_privacy.enter")
    async def enter(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        """The right code opens the page; a wrong one, an old one and none at all look the same."""
        place = await _place(request, token)
        code = (await read_form(request)).get("code")[:40]
        await limits.require("privacy-entry", str(place.document_id), MOST_TRIES_AN_HOUR, limits.AN_HOUR)
        secret = await customer_passes.enter(place.organisation_id, place.document_id, code)
        if secret is not None:
            return _go(request, f"{place.path}/mine/{secret}")
        form = Form()
        form.refuse("code", "request.code_wrong")
        return _answer(request, place, "hosted/privacy.html", status=422, form=form, is_sent=True)

    @post(doors("/letter"), status_code=200, name="hosted_privacy.write")
    async def write(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        """A request from who can not be sent a code, such as once the address is deleted. The business finds out who
        they are. Twice the same is once (P-15)."""
        place, reader = await _place(request, token), Reader(await read_form(request), language_of(request))
        kind = reader.choice("kind", tuple(kind.value for kind in IN_LETTERS))
        email = reader.checked("email", reader.text("email", longest=LONGEST["email"], required=True), one_address)
        text = reader.text("text", longest=LONGEST_TEXT, required=True, lines=True)
        if not reader.form.ok or not email:
            return _answer(
                request, place, "hosted/privacy.html", status=422, form=reader.form, is_sent=False, is_writing=True
            )
        await limits.require("privacy-letter", str(place.document_id), MOST_LETTERS_A_DAY, limits.A_DAY)
        who = place.asking(email, language_of(request), is_proven=False)
        filed = await customer_requests.file(who, Asked(Kind(kind), text))
        return _answer(request, place, "hosted/privacy.html", form=Form(), is_sent=False, filed=filed)

    @get(doors("/mine/{secret:str}"), name="hosted_privacy.mine")
    async def mine(self, request: AnyRequest, token: FromPath[str], secret: FromPath[str]) -> Answer:
        place = await _place(request, token)
        who = await _who(place, secret)
        return await _mine(request, place, who, secret, Form()) if who else _go(request, place.path)

    @post(doors("/mine/{secret:str}"), status_code=200, name="hosted_privacy.ask")
    async def ask(self, request: AnyRequest, token: FromPath[str], secret: FromPath[str]) -> Answer:
        """Ask the business for something. Twice the same is once (P-15)."""
        place = await _place(request, token)
        who = await _who(place, secret)
        if who is None:
            return _go(request, place.path)
        shown = await customer_page(who.organisation_id, who.document_id, who.email, now())
        form, asked = _read(await read_form(request), language_of(request), shown.register or _on_paper(place))
        if asked is None:
            return await _mine(request, place, who, secret, form, status=422)
        await limits.require("privacy-customer", str(who.document_id), MOST_REQUESTS_A_DAY, limits.A_DAY)
        await customer_requests.file(who, asked)
        return _go(request, f"{place.path}/mine/{secret}")

    @post(doors("/mine/{secret:str}/withdrawal/{request_id:uuid}"), status_code=200, name="hosted_privacy.withdraw")
    async def withdraw(
        self, request: AnyRequest, token: FromPath[str], secret: FromPath[str], request_id: FromPath[UUID]
    ) -> Answer:
        place = await _place(request, token)
        who = await _who(place, secret)
        if who is not None:
            await customer_requests.withdraw(who, request_id)
        return _go(request, f"{place.path}/mine/{secret}" if who else place.path)

    @get(doors("/mine/{secret:str}/copy/{copy_id:uuid}"), name="hosted_privacy.copy")
    async def copy(
        self, request: AnyRequest, token: FromPath[str], secret: FromPath[str], copy_id: FromPath[UUID]
    ) -> Response[Any]:
        """The copy that the business agreed to, for the customer it is about."""
        place = await _place(request, token)
        who = await _who(place, secret)
        if who is None:
            return _go(request, place.path)
        shown = await customer_page(who.organisation_id, who.document_id, who.email, now())
        if copy_id not in {one.copy_id for one in shown.requests}:
            raise NotFound
        return await copy_answer(who.organisation_id, copy_id)


async def copy_answer(organisation_id: UUID, copy_id: UUID) -> Response[Any]:
    """The ZIP of a copy. Raises NotFound for one that is not ready, or gone."""
    made = await customer_copy.fetch(organisation_id, copy_id)
    if made is None:
        raise NotFound
    headers = {
        **PRIVATE,
        "Content-Disposition": f'attachment; filename="{made.reference}.zip"',
        "Content-Length": str(made.size),
    }
    return Stream(customer_copy.content(made), media_type="application/zip", headers=headers)


def _go(request: AnyRequest, path: str) -> Answer:
    """Go on in the language that was chosen."""
    return see_other(request, f"{path}{in_languages(request, path)['asked']}")


async def _place(request: AnyRequest, token: str) -> Place:
    """The document behind the token of either door."""
    if request.scope["path"].startswith("/q/"):
        return _of_quote(await found_quote(request, token), f"/q/{token}/privacy")
    found = await found_invoice(request, token)
    return Place(
        found.organisation_id,
        found.invoice.id,
        is_quote=False,
        document=found.invoice.issued(),
        path=f"/i/{token}/privacy",
        kept_until=await law_ends(found.organisation_id, found.invoice.id),
        country=found.country,
        time_zone=found.time_zone,
    )


def _of_quote(found: HostedQuote, path: str) -> Place:
    """The accounting law keeps a quote that was agreed to, as it keeps a contract, and no other."""
    return Place(
        found.organisation_id,
        found.quote.id,
        is_quote=True,
        document=found.quote.document(),
        path=path,
        kept_until=found.quote.row["law_ends"],
        country=found.country,
        time_zone=found.time_zone,
    )


async def _who(place: Place, secret: str) -> Opened | None:
    return await customer_passes.opened(place.organisation_id, place.document_id, secret)


def _on_paper(place: Place) -> dict[str, str]:
    """What stands on the invoice itself, where the register has another address by now."""
    buyer = place.document.buyer
    street = buyer.address_lines[0] if buyer.address_lines else ""
    values = {"name": buyer.name, "address_line1": street, "postcode": buyer.postcode, "city": buyer.city}
    return {**values, "email": buyer.email, "phone": buyer.phone}


def _read(data: FormData, language: str, known: Any) -> tuple[Form, Asked | None]:
    reader = Reader(data, language)
    kind = reader.choice("kind", tuple(kind.value for kind in OFFERED))
    text = reader.text("text", longest=LONGEST_TEXT, lines=True)
    proposed, purpose = None, None
    if kind == Kind.CORRECTION:
        proposed = _proposed(reader, known)
    elif kind == Kind.OBJECTION:
        purpose = reader.choice("purpose", tuple(CUSTOMER_PURPOSES))
    if not reader.form.ok:
        return reader.form, None
    return reader.form, Asked(Kind(kind), text, proposed, CustomerPurpose(purpose) if purpose else None)


def _proposed(reader: Reader, known: Any) -> dict[str, str]:
    """What differs from what is kept. Nothing is a mistake; so is an address that is none."""
    values = {name: reader.text(name, longest=LONGEST[name], required=name == "name") for name in CORRECTABLE}
    if values["email"] and "email" not in reader.form.errors:
        values["email"] = reader.checked("email", values["email"], one_address) or ""
    proposed = {name: value for name, value in values.items() if value != (known[name] or "")}
    if not proposed and reader.form.ok and not reader.data.get("text").strip():
        reader.form.refuse("", "request.nothing_proposed")
    return proposed


async def _mine(request: AnyRequest, place: Place, who: Opened, secret: str, form: Form, status: int = 200) -> Answer:
    shown = await customer_page(who.organisation_id, who.document_id, who.email, now())
    known = shown.register or _on_paper(place)
    filled = form if form.values.get("kind") == Kind.CORRECTION else Form({name: known[name] for name in CORRECTABLE})
    return _answer(
        request,
        place,
        "hosted/privacy_mine.html",
        status=status,
        form=form,
        filled=filled,
        known=known,
        invoices=shown.invoices,
        requests=shown.requests,
        who=who,
        here=f"{place.path}/mine/{secret}",
        words=request_words,
    )


def _answer(request: AnyRequest, place: Place, template: str, *, status: int = 200, **context: Any) -> Answer:
    document, words = place.document, translator(language_of(request)).gettext
    answer = page(
        request,
        template,
        status=status,
        layout="layouts/public.html",
        document=document,
        place=place.path,
        back=place.path.removesuffix("/privacy"),
        masked=masked(place.email),
        kept_until=place.kept_until,
        is_quote=place.is_quote,
        authority=authority_of(place.country),
        time_zone=place.time_zone,
        kinds=[(kind.value, words(request_words.KINDS[kind])) for kind in IN_LETTERS],
        **in_languages(request, request.scope["path"]),
        **{"filed": None, "is_writing": False, **context},
    )
    answer.headers.update(PRIVATE)
    return answer


def masked(email: str) -> str:
    """`k•••@nordlys.example`: enough for who owns it, too little for who does not."""
    local, _, host = email.rpartition("@")
    return f"{local[:1]}•••@{host}" if local else ""
