"""The letter to the people whom a breach concerns (GDPR Art. 34): begun from a text, looked at, and only then sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from markupsafe import Markup

from actions import breach_letters
from actions.clock import now
from actions.data_exports import FRESH
from actions.instance import settings
from domain.privacy import breach_texts
from domain.privacy.authorities import OURS
from domain.privacy.breach_texts import LANGUAGES, Model
from models.ids import id_in_or_new, new_id
from routes.breaches import PLACE, filled, found_entries, kept, operating, prove_again
from routes.forms import breach as forms
from routes.forms.base import Form, read_form
from routes.guards import operator
from routes.i18n import language_of
from routes.operator_sentences import PEOPLE_TOLD
from routes.pages import Answer, AnyRequest, page, see_other
from routes.request_letter import Shown
from routes.templates import environment_for


class BreachLetterController(Controller):
    path = f"{PLACE}/{{breach_id:uuid}}/letters"
    guards = (operator,)

    @get("/", name="breach_letters.new")
    async def new(self, request: AnyRequest, breach_id: FromPath[UUID]) -> Answer:
        newest = (await found_entries(breach_id))[0]
        texts = {tongue: filled(model, newest.reference) for tongue, model in breach_texts.PEOPLE.items()}
        form = forms.show_notice(texts)
        existed_at = newest.breach.occurred_to or newest.breach.became_aware_at
        form.values |= {"letter_id": str(new_id()), "existed_at": forms.shown(existed_at)}
        return await _form(request, breach_id, form)

    @post("/", status_code=200, name="breach_letters.preview")
    async def preview(self, request: AnyRequest, breach_id: FromPath[UUID]) -> Answer:
        """The letter as it would be sent, and to how many; nothing goes out yet."""
        data = await read_form(request)
        form, texts, audience = forms.parse_letter(data, language_of(request))
        form.values["letter_id"] = str(id_in_or_new(data.get("letter_id")))
        if audience is None or data.get("step") == "change":
            return await _form(request, breach_id, form, status=200 if audience else 422)
        return await _form(
            request, breach_id, form, letters=_letters(texts), count=await breach_letters.count(audience)
        )

    @post("/sending", status_code=200, name="breach_letters.send")
    async def send(self, request: AnyRequest, breach_id: FromPath[UUID]) -> Answer:
        """It goes out at once, so the password is asked for again. Twice the same is once."""
        await found_entries(breach_id)
        actor, data = operating(request), await read_form(request)
        form, texts, audience = forms.parse_letter(data, language_of(request))
        form.values["letter_id"] = str(letter_id := id_in_or_new(data.get("letter_id")))
        if audience is None:
            return await _form(request, breach_id, form, status=422)
        renewed = await prove_again(form, actor, data)
        if not form.ok:
            status = 429 if form.values.get("wait") else 422
            seen = {"letters": _letters(texts), "count": await breach_letters.count(audience)}
            return kept(await _form(request, breach_id, form, status=status, **seen), renewed)
        await breach_letters.tell_people(actor.person_id, breach_id, letter_id, texts, audience)
        return kept(see_other(request, f"{PLACE}/{breach_id}", PEOPLE_TOLD), renewed)


def _letters(texts: dict[str, Model]) -> dict[str, Shown]:
    """The letter in each language, as somebody in Norway gets it."""
    found = {}
    for tongue in LANGUAGES:
        context = {
            "name": "", "public_url": settings().public_url, "title": texts[tongue].subject,
            "body": texts[tongue].text, "address": "", "authority": OURS.shown,
        }  # fmt: skip
        written: Any = environment_for(tongue).get_template("emails/breach.txt").make_module(context)
        found[tongue] = Shown(str(Markup(written.subject).unescape()), Markup(str(written).strip()))  # noqa: S704 - escaped by the environment
    return found


async def _form(request: AnyRequest, breach_id: UUID, form: Form, status: int = 200, **context: Any) -> Answer:
    newest = (await found_entries(breach_id))[0]
    actor = operating(request)
    return page(
        request,
        "operator/breach_letter.html",
        status=status,
        newest=newest,
        form=form,
        is_fresh=actor.authenticated_at >= now() - FRESH,
        **{"letters": None, "count": 0, **context},
    )
