"""The page of a quote for its customer: no account, no cookie, only a secret link. Here it is accepted or declined."""

from __future__ import annotations

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from actions import files, quote_documents, quotes
from actions.clock import now
from actions.outcomes import NotFound
from domain.dates import today_in
from domain.refusals import Refused
from models.queries.quotes import HostedQuote, hosted_quote
from routes.explanation import explanation
from routes.files import pdf_answer
from routes.forms.base import Form, read_form
from routes.guards import public
from routes.hosted import PRIVATE, in_languages
from routes.logo import SANDBOX
from routes.pages import Answer, AnyRequest, page, see_other, speak
from routes.quotes import name_of


class HostedQuoteController(Controller):
    path = "/q/{token:str}"

    @get("/", guards=[public], name="hosted_quote.show")
    async def show(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        return _show(request, token, await found_quote(request, token), Form())

    @post("/answer", guards=[public], status_code=200, name="hosted_quote.answer")
    async def answer(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        """Accept or decline, with the name of who does; once. Reading it again shows what was answered."""
        found = await found_quote(request, token)
        data = await read_form(request)
        name = data.get("name")[:1000].strip()
        try:
            await quotes.answer(found.organisation_id, found.quote.id, data.get("answer"), name)
        except Refused as refused:
            form = Form({"name": name})
            for refusal in refused.refusals:
                form.add(refusal)
            return _show(request, token, await found_quote(request, token), form, status=422)
        return see_other(request, f"/q/{token}{in_languages(request, '')['asked']}")

    @get("/explanation", guards=[public], name="hosted_quote.explanation")
    async def explanation(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        """How each figure came about."""
        quote = (await found_quote(request, token)).quote
        languages = in_languages(request, f"/q/{token}/explanation")
        answer = explanation(
            request,
            quote,
            f"/q/{token}{languages['asked']}",
            name=name_of(request, quote),
            layout="layouts/public.html",
            **languages,
        )
        answer.headers.update(PRIVATE)
        return answer

    @get("/pdf", guards=[public], name="hosted_quote.pdf")
    async def pdf(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        found = await found_quote(request, token)
        file = await quote_documents.rendered(found.organisation_id, found.quote.id)
        answer = await pdf_answer(request, file, f"tilbud-{found.quote.number}")
        answer.headers.update(PRIVATE)
        return answer

    @get("/logo", guards=[public], name="hosted_quote.logo")
    async def logo(self, request: AnyRequest, token: FromPath[str]) -> Answer:
        """The logo as it was when the quote was sent."""
        found = await found_quote(request, token)
        if found.quote.row["logo_sha256"] is None:
            raise NotFound
        picture = await files.get(found.organisation_id, found.quote.row["logo_sha256"])
        headers = {**PRIVATE, "Cache-Control": "private, max-age=86400", "Content-Security-Policy": SANDBOX}
        return Response(picture, media_type="image/png", headers=headers)


def _show(request: AnyRequest, token: str, found: HostedQuote, form: Form, status: int = 200) -> Answer:
    quote = found.quote
    answer = page(
        request,
        "hosted/quote.html",
        status=status,
        layout="layouts/public.html",
        document=quote.document(),
        row=quote.row,
        state=quote.stands(today_in(found.time_zone, now())),
        form=form,
        place=f"/q/{token}",
        logo=f"/q/{token}/logo" if quote.row["logo_sha256"] else None,
        time_zone=found.time_zone,
        **in_languages(request, f"/q/{token}"),
    )
    answer.headers.update(PRIVATE)
    return answer


async def found_quote(request: AnyRequest, token: str) -> HostedQuote:
    """The quote of the address; the answer will be in its language."""
    found = await hosted_quote(token)
    if found is None:
        raise NotFound
    await speak(request, found.quote.document().language)
    return found
