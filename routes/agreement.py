"""The company's data-processing agreement: read it, accept it, take it along signed (P-46)."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import policies
from actions.clock import now
from actions.instance import settings
from actions.outcomes import NotFound
from actions.policies import text_of
from domain.access import Permission
from domain.access import may as role_may
from domain.policy import SHELVES
from domain.privacy.record import processor_row
from models.queries.agreements import agreement_page
from models.queries.documents import StoredFile
from routes.actor import member_of
from routes.files import pdf_answer
from routes.forms.base import read_form
from routes.guards import may
from routes.i18n import language_of, translator
from routes.pages import Answer, AnyRequest, page, see_other


class AgreementController(Controller):
    path = "/company/agreement"

    @get("/", guards=[may(Permission.READ)], name="agreement.own")
    async def show(self, request: AnyRequest) -> Answer:
        who = member_of(request)
        party = await agreement_page(who.organisation_id)
        version = SHELVES["agreement"].in_force(now().date())
        words = translator(language_of(request)).gettext
        return page(
            request,
            "companies/agreement.html",
            party=party,
            version=version,
            text=text_of(version, language_of(request)),
            is_signed=any(one.version == version.name for one in party.signed),
            may_sign=role_may(who.role, Permission.SETTINGS),
            record=processor_row(party.name, party.organisation_number, party.email, settings(), words),
        )

    @post("/", guards=[may(Permission.SETTINGS)], status_code=200, name="agreement.sign")
    async def sign(self, request: AnyRequest) -> Answer:
        who = member_of(request)
        version = (await read_form(request)).get("version")
        await policies.sign(who.organisation_id, who.person_id, who.name, version, who.language)
        return see_other(request, "/company/agreement", "agreement-signed")

    @get("/{version:str}/pdf", guards=[may(Permission.READ)], name="agreement.pdf")
    async def pdf(self, request: AnyRequest, version: FromPath[str]) -> Answer:
        """The signed agreement, byte-identical for ever."""
        who = member_of(request)
        signed = await policies.signed(who.organisation_id, version)
        if signed is None or signed.sha256 is None:
            raise NotFound
        file = StoredFile(who.organisation_id, signed.id, signed.sha256, 0, signed.signed_at)
        return await pdf_answer(request, file, f"databehandleravtale-{signed.version}")
