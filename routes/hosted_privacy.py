"""The privacy page of an invoice: its customer sees what is kept, and asks the business about it. No account, no cookie.

The secret link shows who decides about the data. A code to the address that already stands on the invoice opens the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Stream

from actions import customer_copy, customer_passes, customer_requests, limits
from actions.clock import now
from actions.customer_passes import Opened
from actions.customer_requests import CORRECTABLE, Asked
from actions.outcomes import NotFound
from domain.invoice import Issued
from domain.mail import one_address
from domain.privacy import request_words
from domain.privacy.accounting import kept_until
from domain.privacy.authorities import authority_of
from domain.privacy.objection import CUSTOMER_PURPOSES, CustomerPurpose
from domain.privacy.requests import LONGEST_TEXT, Kind
from models.queries.customer_requests import customer_page
from models.queries.hosted import HostedInvoice
from routes.forms.base import Form, FormData, Reader, read_form
from routes.guards import public
from routes.hosted import PRIVATE, found_invoice, in_languages
from routes.i18n import language_of
from routes.pages import Answer, AnyRequest, page, see_other

# The rights that a customer exercises here; a correction proposes values, an objection chooses a use.
OFFERED = (Kind.ACCESS, Kind.CORRECTION, Kind.DELETION, Kind.RESTRICTION, Kind.OBJECTION)
LONGEST = {"name": 200, "address_line1": 200, "postcode": 20, "city": 100, "email": 254, "phone": 40}
MOST_TRIES_AN_HOUR = 20
MOST_REQUESTS_A_DAY = 20


@dataclass(frozen=True, slots=True)
class Place:
    """The invoice of the address, and the addresses around it."""

    found: HostedInvoice
    document: Issued
    path: str

    @property
    def email(self) -> str:
        return self.document.buyer.email


class HostedPrivacyController(Controller):
    path = "/i/{token:str}/privacy"
    guards = (public,)

    @get("/", name="hosted_privacy.show")
    async def show(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        return _answer(request, await _place(request, token), "hosted/privacy.html", form=Form(), is_sent=False)

    @post("/code", status_code=200, name="hosted_privacy.send_code")
    async def send_code(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        """Send a code to the address on the invoice, which nobody can choose here."""
        place = await _place(request, token)
        if not place.email:
            raise NotFound
        found = place.found
        await customer_passes.send_code(found.organisation_id, found.invoice.id, place.email, place.document.language)
        return _go(request, f"{place.path}/code")

    @get("/code", name="hosted_privacy.code")
    async def code(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        return _answer(request, await _place(request, token), "hosted/privacy.html", form=Form(), is_sent=True)

    @post("/entry", status_code=200, name="hosted_privacy.enter")
    async def enter(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        """The right code opens the page; a wrong one, an old one and none at all look the same."""
        place = await _place(request, token)
        found, code = place.found, (await read_form(request)).get("code")[:40]
        await limits.require("privacy-entry", str(found.invoice.id), MOST_TRIES_AN_HOUR, limits.AN_HOUR)
        secret = await customer_passes.enter(found.organisation_id, found.invoice.id, code)
        if secret is not None:
            return _go(request, f"{place.path}/mine/{secret}")
        form = Form()
        form.refuse("code", "request.code_wrong")
        return _answer(request, place, "hosted/privacy.html", status=422, form=form, is_sent=True)

    @get("/mine/{secret:str}", name="hosted_privacy.mine")
    async def mine(self, request: AnyRequest, token: FromPath[str], secret: FromPath[str]) -> Answer:
        place = await _place(request, token)
        who = await _who(place, secret)
        return await _mine(request, place, who, secret, Form()) if who else _go(request, place.path)

    @post("/mine/{secret:str}", status_code=200, name="hosted_privacy.ask")
    async def ask(self, request: AnyRequest, token: FromPath[str], secret: FromPath[str]) -> Answer:
        """Ask the business for something. Twice the same is once (P-15)."""
        place = await _place(request, token)
        who = await _who(place, secret)
        if who is None:
            return _go(request, place.path)
        shown = await customer_page(who.organisation_id, who.invoice_id, who.email, now())
        form, asked = _read(await read_form(request), language_of(request), shown.register or _on_paper(place))
        if asked is None:
            return await _mine(request, place, who, secret, form, status=422)
        await limits.require("privacy-customer", str(who.invoice_id), MOST_REQUESTS_A_DAY, limits.A_DAY)
        await customer_requests.file(who, asked)
        return _go(request, f"{place.path}/mine/{secret}")

    @post("/mine/{secret:str}/withdrawal/{request_id:uuid}", status_code=200, name="hosted_privacy.withdraw")
    async def withdraw(
        self, request: AnyRequest, token: FromPath[str], secret: FromPath[str], request_id: FromPath[UUID]
    ) -> Answer:
        place = await _place(request, token)
        who = await _who(place, secret)
        if who is not None:
            await customer_requests.withdraw(who, request_id)
        return _go(request, f"{place.path}/mine/{secret}" if who else place.path)

    @get("/mine/{secret:str}/copy/{copy_id:uuid}", name="hosted_privacy.copy")
    async def copy(
        self, request: AnyRequest, token: FromPath[str], secret: FromPath[str], copy_id: FromPath[UUID]
    ) -> Response[Any]:
        """The copy that the business agreed to, for the customer it is about."""
        place = await _place(request, token)
        who = await _who(place, secret)
        if who is None:
            return _go(request, place.path)
        shown = await customer_page(who.organisation_id, who.invoice_id, who.email, now())
        if copy_id not in {one.copy_id for one in shown.requests}:
            raise NotFound
        made = await customer_copy.fetch(who.organisation_id, copy_id)
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
    found = await found_invoice(request, token)
    return Place(found, found.invoice.issued(), f"/i/{token}/privacy")


async def _who(place: Place, secret: str) -> Opened | None:
    return await customer_passes.opened(place.found.organisation_id, place.found.invoice.id, secret)


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
    shown = await customer_page(who.organisation_id, who.invoice_id, who.email, now())
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
    document = place.document
    answer = page(
        request,
        template,
        status=status,
        layout="layouts/public.html",
        document=document,
        place=place.path,
        back=place.path.removesuffix("/privacy"),
        masked=masked(place.email),
        kept_until=place.found.invoice.row["kept_until"]
        or kept_until(document.issued_on, document.seller.country, place.found.accounting_year_ends),
        authority=authority_of(place.found.country),
        time_zone=place.found.time_zone,
        **in_languages(request, request.scope["path"]),
        **context,
    )
    answer.headers.update(PRIVATE)
    return answer


def masked(email: str) -> str:
    """`k•••@nordlys.example`: enough for who owns it, too little for who does not."""
    local, _, host = email.rpartition("@")
    return f"{local[:1]}•••@{host}" if local else ""
