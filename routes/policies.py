"""Policy, terms and agreement, each in all its versions: immutable, dated, comparable (P-41, P-42)."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.params import FromPath

from actions import policies
from actions.clock import now
from actions.instance import settings
from actions.outcomes import NotFound
from actions.policies import text_of
from domain.policy import SHELVES, Shelf
from domain.policy.changes import changes, stretches
from domain.policy.document import Version
from domain.privacy import words
from models.register import register
from routes.actor import actor_of
from routes.forms.base import read_form
from routes.guards import public, signed_in
from routes.i18n import language_of
from routes.middleware.same_origin import safe_path
from routes.own_country import own_country
from routes.pages import Answer, AnyRequest, see_other
from routes.public_page import cacheable, public_page


def policy_of(name: str) -> type[Controller]:
    """The pages of one document: works signed out, without scripts and cookies."""

    class PolicyController(Controller):
        path = SHELVES[name].path
        guards = (public,)

        @get("/", name=f"{name}.show")
        async def show(self, request: AnyRequest) -> Answer:
            return await _text(request, SHELVES[name], SHELVES[name].in_force(now().date()))

        @get("/versions", name=f"{name}.versions")
        async def versions(self, request: AnyRequest) -> Answer:
            shelf = SHELVES[name]
            signed = [(version, version.original.signed_by(settings().operator)) for version in shelf.versions]
            answer = public_page(
                request, "legal/versions.html", shelf=shelf, versions=signed, in_force=shelf.in_force(now().date())
            )
            return cacheable(request, answer)

        @get("/versions/{older:str}/{newer:str}", name=f"{name}.changes")
        async def changes(self, request: AnyRequest, older: FromPath[str], newer: FromPath[str]) -> Answer:
            return _changes(request, SHELVES[name], older, newer)

        @get("/{version:str}", name=f"{name}.version")
        async def version(self, request: AnyRequest, version: FromPath[str]) -> Answer:
            found = SHELVES[name].version(version)
            if found is None:
                raise NotFound
            return await _text(request, SHELVES[name], found)

    return PolicyController


class AcknowledgementController(Controller):
    """A person confirms to have read a change. Nothing waits for it."""

    @post("/account/policies", guards=[signed_in], status_code=200, name="account.policies")
    async def acknowledge(self, request: AnyRequest) -> Answer:
        actor = actor_of(request)
        assert actor is not None, "behind the guard signed_in"
        form = await read_form(request)
        await policies.acknowledge(actor.person_id, form.get("read_until"), actor.language)
        return see_other(request, safe_path(form.get("next")))


async def _text(request: AnyRequest, shelf: Shelf, version: Version) -> Answer:
    """In the reader's language; `?text=en` shows the original beside a translation."""
    language = "en" if request.query_params.get("text") == "en" else language_of(request)
    text = text_of(version, language)
    today = now().date()
    answer = public_page(
        request,
        "legal/text.html",
        shelf=shelf,
        text=text,
        version=version,
        in_force=shelf.in_force(today),
        upcoming=shelf.upcoming(today),
        is_translation=text.language != version.original.language,
        register=register(),
        words=words,
        own=await own_country(request) if shelf.name == "privacy" else None,
    )
    return cacheable(request, answer)


def _changes(request: AnyRequest, shelf: Shelf, older: str, newer: str) -> Answer:
    before, after = shelf.version(older), shelf.version(newer)
    if before is None or after is None or before.effective_from >= after.effective_from:
        raise NotFound
    language = language_of(request)
    old, new = text_of(before, language), text_of(after, language)
    if old.language != new.language:  # one of them has no translation
        old, new = text_of(before, before.original.language), text_of(after, after.original.language)
    answer = public_page(
        request,
        "legal/changes.html",
        shelf=shelf,
        before=before,
        after=after,
        stretches=stretches(changes(old, new)),
        text_language=new.language,
    )
    return cacheable(request, answer)
