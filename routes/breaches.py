"""The operator's register of breaches: the 72 hours, updates, who is affected, notices, and a file for the authority."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from actions import affected, breaches, notices, profile
from actions.clock import now
from actions.data_exports import FRESH
from actions.instance import settings
from actions.outcomes import NotFound, Stale
from actions.sessions import Started
from domain.cells import safe_text
from domain.privacy import breach_texts, words
from domain.privacy.breach_texts import Model
from domain.privacy.breaches import CATEGORIES, DECISIONS, FIELDS, KINDS
from models.ids import id_in_or_new, new_id
from models.queries.breaches import Entry, entries_of, newest_entries, notices_about
from routes.account import refuse_password
from routes.actor import Actor, actor_of
from routes.forms import breach as forms
from routes.forms.base import Form, FormData, read_form
from routes.guards import operator
from routes.i18n import language_of, translator
from routes.middleware.session import keep
from routes.operator_sentences import BREACH_FIELDS, BREACH_SAVED, COMPANIES_TOLD
from routes.pages import Answer, AnyRequest, page, render, see_other

PLACE = "/operator/breaches"
Said = str | int | datetime


class BreachController(Controller):
    path = PLACE
    guards = (operator,)

    @get("/", name="breaches.list")
    async def index(self, request: AnyRequest) -> Answer:
        return page(request, "operator/breaches.html", entries=await newest_entries(), now=now())

    @get("/new", name="breaches.new")
    async def new(self, request: AnyRequest) -> Answer:
        return _form(request, forms.fresh(), new_id())

    @post("/", status_code=200, name="breaches.register")
    async def register(self, request: AnyRequest) -> Answer:
        data = await read_form(request)
        breach_id = id_in_or_new(data.get("breach_id"))
        form, breach = forms.parse(data, language_of(request))
        if breach is None:
            return _form(request, form, breach_id, status=422)
        await breaches.register(operating(request).person_id, breach_id, breach)
        return see_other(request, f"{PLACE}/{breach_id}", BREACH_SAVED)

    @get("/affected", name="breaches.affected")
    async def who_is_affected(self, request: AnyRequest) -> Answer:
        """Asked for with the fields in the address: nothing is changed by counting."""
        given = FormData({name: [value] for name, value in request.query_params.items()})
        form, window = forms.parse_window(given)
        chosen = [category for category in CATEGORIES if f"categories.{category.name}" in request.query_params]
        form.values |= {f"categories.{category.name}": "on" for category in chosen}
        found = await affected.count(chosen, *window) if window and chosen else None
        return page(
            request, "operator/affected.html", form=form, categories=CATEGORIES, found=found, words=words,
            is_asked="begins" in request.query_params,
        )  # fmt: skip

    @get("/{breach_id:uuid}", name="breaches.show")
    async def show(self, request: AnyRequest, breach_id: FromPath[UUID]) -> Answer:
        return await _show(request, breach_id)

    @get("/{breach_id:uuid}/update", name="breaches.edit")
    async def edit(self, request: AnyRequest, breach_id: FromPath[UUID]) -> Answer:
        newest = (await found_entries(breach_id))[0]
        return _form(request, forms.show(newest.breach), breach_id, newest)

    @post("/{breach_id:uuid}", status_code=200, name="breaches.update")
    async def update(self, request: AnyRequest, breach_id: FromPath[UUID]) -> Answer:
        newest, data = (await found_entries(breach_id))[0], await read_form(request)
        form, breach = forms.parse(data, language_of(request))
        if breach is None:
            return _form(request, form, breach_id, newest, status=422)
        try:
            await breaches.update(operating(request).person_id, breach_id, _version(data), breach)
        except Stale:
            form.refuse("", "breach.written_meanwhile")
            return _form(request, form, breach_id, newest, status=409)
        return see_other(request, f"{PLACE}/{breach_id}", BREACH_SAVED)

    @post("/{breach_id:uuid}/notices", status_code=200, name="breaches.tell")
    async def tell(self, request: AnyRequest, breach_id: FromPath[UUID]) -> Answer:
        """To all companies, or to some: the password is asked for again, since it goes out at once."""
        await found_entries(breach_id)
        actor, data = operating(request), await read_form(request)
        form, texts, numbers = forms.parse_notice(data, language_of(request))
        form.values["notice_id"] = str(notice_id := id_in_or_new(data.get("notice_id")))
        renewed = await prove_again(form, actor, data)
        if not form.ok:
            status = 429 if form.values.get("wait") else 422
            return kept(await _show(request, breach_id, form, status=status), renewed)
        await notices.tell_of_breach(actor.person_id, breach_id, notice_id, texts, numbers)
        return kept(see_other(request, f"{PLACE}/{breach_id}", COMPANIES_TOLD), renewed)

    @get("/{breach_id:uuid}/download/{kind:str}", name="breaches.download")
    async def download(self, request: AnyRequest, breach_id: FromPath[UUID], kind: FromPath[str]) -> Answer:
        """What the authority asks for: every entry, as a page to print or as a table."""
        entries = await found_entries(breach_id)
        if kind not in ("csv", "html"):
            raise NotFound
        labels = _labels(request)
        rows = [(entry, list(_said(request, entry, labels))) for entry in entries]
        if kind == "html":
            context = {"rows": rows, "reference": entries[0].reference, "notices": await notices_about(breach_id)}
            body, media_type = render(request, "operator/breach_report.html", context).encode(), "text/html"
        else:
            body, media_type = _csv(rows, labels), "text/csv"
        name = f"{entries[0].reference}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(body, media_type=media_type, headers=headers)


def operating(request: AnyRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None, "behind the guard operator"
    return actor


async def found_entries(breach_id: UUID) -> list[Entry]:
    entries = await entries_of(breach_id)
    if not entries:
        raise NotFound
    return entries


def _version(data: FormData) -> int:
    text = data.get("version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


async def prove_again(form: Form, actor: Actor, data: FormData) -> Started | None:
    """Note beside the password when it is needed and not right."""
    if not form.ok or actor.authenticated_at >= now() - FRESH:
        return None
    done = await profile.prove(actor.person_id, actor.session_hash, data.get("password"))
    if isinstance(done, Started):
        return done
    if refuse_password(form, "password", done) == 429:
        form.values["wait"] = "1"
    return None


def kept(answer: Answer, renewed: Started | None) -> Answer:
    return answer if renewed is None else keep(answer, renewed)


def _form(
    request: AnyRequest, form: Form, breach_id: UUID, newest: Entry | None = None, *, status: int = 200
) -> Answer:
    say = translator(language_of(request)).gettext
    return page(
        request,
        "operator/breach_form.html",
        status=status,
        form=form,
        breach_id=breach_id,
        newest=newest,
        kinds=KINDS,
        decisions=[(decision.value, say(label)) for decision, label in DECISIONS.items()],
        categories={category: words.CATEGORIES[category] for category in CATEGORIES},
    )


async def _show(request: AnyRequest, breach_id: UUID, form: Form | None = None, *, status: int = 200) -> Answer:
    entries = await found_entries(breach_id)
    labels = _labels(request)
    models = {
        name: {tongue: filled(model, entries[0].reference) for tongue, model in texts.items()}
        for name, texts in (
            ("authority", breach_texts.AUTHORITY),
            ("companies", breach_texts.COMPANIES),
            ("people", breach_texts.PEOPLE),
        )
    }
    if form is None:
        form = forms.show_notice(models["companies"])
        form.values["notice_id"] = str(new_id())
    return page(
        request,
        "operator/breach.html",
        status=status,
        entries=[(entry, list(_said(request, entry, labels))) for entry in entries],
        newest=entries[0],
        notices=await notices_about(breach_id),
        models=models,
        form=form,
        is_fresh=operating(request).authenticated_at >= now() - FRESH,
        now=now(),
    )


def filled(model: Model, reference: str) -> Model:
    told = settings().operator
    return model.filled(reference, f"{told.legal_name}, {told.organisation_number}", told.privacy_email)


def _labels(request: AnyRequest) -> dict[str, str]:
    say = translator(language_of(request)).gettext
    return {name: say(BREACH_FIELDS[name]) for name in FIELDS}


def _said(request: AnyRequest, entry: Entry, labels: dict[str, str]) -> Iterator[tuple[str, Said]]:
    """What an entry says, as (label, words, instant or count); fields with nothing in them are left out."""
    say = translator(language_of(request)).gettext
    for name, label in labels.items():
        value = getattr(entry.breach, name)
        if isinstance(value, datetime | int):
            yield label, value
        elif text := _text(name, value, say):
            yield label, text


def _text(name: str, value: Any, say: Any) -> str:
    if name == "kinds":
        return "; ".join(say(KINDS[kind]) for kind in value)
    if name == "categories":
        return "; ".join(say(words.CATEGORIES[category]) for category in value)
    if name == "decision":
        return str(say(DECISIONS[value]))
    return "" if value is None else str(value)


def _sortable(moment: datetime) -> str:
    """For a spreadsheet: `2026-11-23 10:00`, Norwegian time."""
    return forms.shown(moment).replace("T", " ")


def _csv(rows: list[tuple[Entry, list[tuple[str, Said]]]], labels: dict[str, str]) -> bytes:
    """One line for each entry, newest first; RFC 4180 in UTF-8 with its mark; no cell is a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["reference", "version", "written_at", *labels.values()])
    for entry, said in rows:
        known = dict(said)
        cells = [known.get(label, "") for label in labels.values()]
        row = (entry.reference, str(entry.version), entry.written_at, *cells)
        writer.writerow([_sortable(cell) if isinstance(cell, datetime) else safe_text(str(cell)) for cell in row])
    return text.getvalue().encode("utf-8-sig")
