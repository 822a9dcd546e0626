"""What is kept, why and how long: pages made from the running schema, so that they are never out of date (P-02, P-09)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from litestar import Controller, Response, get
from litestar.params import FromPath

from actions.clock import now
from actions.instance import settings
from actions.outcomes import NotFound
from domain.cells import safe_text
from domain.policy import SHELVES
from domain.privacy import words
from domain.privacy.accounting import ELSEWHERE, LAWS
from domain.privacy.interests import QUESTIONS, WEIGHED
from domain.privacy.logs import FIELDS, LOGS, PLACES, SHAPES
from domain.privacy.objection import INTERESTS
from domain.privacy.recipients import Recipient, processors_of, recipients_of, serving
from domain.privacy.record import (
    BALANCING,
    MEASURES,
    PROCESSOR_CATEGORIES,
    TRANSFERS,
    controller_record,
    controller_rows,
    document,
)
from domain.privacy.retention import RULES, rule_of
from domain.processors_file import ProcessorDetails
from models.queries.processors import ProcessorChangeView, processor_changes
from models.register import register
from routes.guards import public
from routes.i18n import language_of, translator
from routes.own_country import own_country
from routes.pages import Answer, AnyRequest
from routes.public_page import cacheable, public_page

ARTICLE = "GDPR Art. 30(1)"


class DataMapController(Controller):
    """For everybody, signed out, without scripts and cookies; only the log of processors asks the database, and
    for a member of a company the retention page its country."""

    path = "/privacy"
    guards = (public,)

    @get("/data-map")
    async def data_map(self, request: AnyRequest) -> Answer:
        return cacheable(
            request,
            public_page(
                request,
                "legal/data_map.html",
                register=register(),
                recipients={purpose: serving(recipients_of(settings()), purpose) for purpose in words.PURPOSES},
                rule_of=rule_of,
                words=words,
            ),
        )

    @get("/retention")
    async def retention(self, request: AnyRequest) -> Answer:
        counts = {rule.name: _columns_under(rule.retention) for rule in RULES}
        answer = public_page(
            request,
            "legal/retention.html",
            rules=RULES,
            counts=counts,
            laws=[*LAWS.values(), ELSEWHERE],
            countries=_country_names(language_of(request)),
            own=await own_country(request),
        )
        return cacheable(request, answer)

    @get("/record")
    async def record(self, request: AnyRequest) -> Answer:
        answer = public_page(
            request,
            "legal/record.html",
            entries=controller_record(register(), settings()),
            measures=MEASURES,
            transfers=TRANSFERS,
            balancing=BALANCING,
            processing=PROCESSOR_CATEGORIES,
            rule_of=rule_of,
            words=words,
        )
        return cacheable(request, answer)

    @get("/record/download/{kind:str}")
    async def download(self, request: AnyRequest, kind: FromPath[str]) -> Answer:
        """The controller's record as a CSV or JSON file."""
        if kind not in ("csv", "json"):
            raise NotFound
        rows = list(controller_rows(register(), settings(), translator(language_of(request)).gettext))
        made = f"{now():%Y-%m-%d}"
        body = _csv(rows) if kind == "csv" else _json(rows, made)
        headers = {
            "Content-Disposition": f'attachment; filename="article-30-record-{made}.{kind}"',
            "Vary": "Accept-Language, Cookie",
        }
        media_type = "text/csv" if kind == "csv" else "application/json"
        return cacheable(request, Response(body, media_type=media_type, headers=headers))

    @get("/interests")
    async def interests(self, request: AnyRequest) -> Answer:
        answer = public_page(
            request,
            "legal/interests.html",
            weighed=WEIGHED,
            names=INTERESTS,
            questions=QUESTIONS,
            tongue="nb" if language_of(request) == "nb" else "en",
        )
        return cacheable(request, answer)

    @get("/logs")
    async def logs(self, request: AnyRequest) -> Answer:
        """The fields are those that the logger itself lets through."""
        answer = public_page(
            request,
            "legal/logs.html",
            places=PLACES,
            fields=FIELDS.values(),
            shapes=SHAPES,
            logs=LOGS,
        )
        return cacheable(request, answer)

    @get("/processors")
    async def processors(self, request: AnyRequest) -> Answer:
        changes = await processor_changes()
        answer = public_page(
            request,
            "legal/processors.html",
            processors=_processors_in_use(changes),
            coming=[one for one in settings().processors if one.starts_on and one.starts_on > now().date()],
            changes=changes,
            recipients=recipients_of(settings()),
            territories=_territories(language_of(request)),
            transfers=TRANSFERS,
            words=words,
        )
        return cacheable(request, answer)


@dataclass(frozen=True, slots=True)
class InUse:
    """A processor as its line shows it. `since` is None until the log of processors has seen it."""

    recipient: Recipient
    details: ProcessorDetails
    is_in_the_eea: bool
    since: datetime | None


def _processors_in_use(changes: list[ProcessorChangeView]) -> list[InUse]:
    told = {one.name: one for one in settings().processors}
    since = {change.name: change.at for change in reversed(changes) if change.kind == "added"}
    found = []
    for recipient in processors_of(settings()):
        details = told.get(recipient.name, ProcessorDetails(recipient.name, country=recipient.country))
        found.append(InUse(recipient, details, details.is_in_the_eea(now().date()), since.get(recipient.name)))
    return found


def _territories(language: str) -> Mapping[str, str]:
    from babel import Locale

    territories: Mapping[str, str] = Locale.parse(language).territories
    return territories


def _columns_under(retention: object) -> int:
    return sum(field.known.retention is retention for field in register().fields if field.is_personal)


def _country_names(language: str) -> dict[str, str]:
    from babel import Locale

    territories = Locale.parse(language).territories
    return {country: territories[country] for country in LAWS}


def _csv(rows: list[dict[str, str]]) -> bytes:
    """RFC 4180 in UTF-8 with its mark; no cell is a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(rows[0])
    writer.writerows(_cells(rows))
    return text.getvalue().encode("utf-8-sig")


def _cells(rows: list[dict[str, str]]) -> Iterator[list[str]]:
    for row in rows:
        yield [safe_text(value) for value in row.values()]


def _json(rows: list[dict[str, str]], made: str) -> bytes:
    policy = SHELVES["privacy"].in_force(now().date())
    return msgspec.json.format(msgspec.json.encode(document(rows, ARTICLE, made, policy.name)), indent=2)
