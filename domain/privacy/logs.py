"""What lies in the logs: the one table of fields that a line may have. The logger drops whatever is not in it, and the
page /privacy/logs shows it (check P-03)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.marking import N_


class Shape(StrEnum):
    """What a field can hold. Text is words of our own code, and redacted all the same; the others hold no words."""

    TEXT = "text"
    ID = "id"
    NUMBER = "number"
    MOMENT = "moment"


class Log(StrEnum):
    """Whose lines have the field."""

    REQUESTS = "requests"
    FAULTS = "faults"
    WORKER = "worker"


SHAPES: dict[Shape, str] = {
    Shape.TEXT: N_("a word of our own"),
    Shape.ID: N_("a random id"),
    Shape.NUMBER: N_("a number"),
    Shape.MOMENT: N_("a moment"),
}
LOGS: dict[Log, str] = {
    Log.REQUESTS: N_("Requests"),
    Log.FAULTS: N_("Faults"),
    Log.WORKER: N_("Background work"),
}
_ALL = frozenset(Log)


@dataclass(frozen=True, slots=True)
class Field:
    """`what` is a msgid. `is_personal`: an id that leads to a person for who also has the database."""

    name: str
    shape: Shape
    what: str
    logs: frozenset[Log] = _ALL
    is_personal: bool = False


def _field(name: str, shape: Shape, what: str, *logs: Log, is_personal: bool = False) -> Field:
    return Field(name, shape, what, frozenset(logs) or _ALL, is_personal)


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        _field("at", Shape.MOMENT, N_("When")),
        _field("level", Shape.TEXT, N_("How grave")),
        _field("event", Shape.TEXT, N_("What happened, as a name of our own")),
        _field(
            "request_id", Shape.ID, N_("A random number of the request, also shown on error pages"), Log.REQUESTS,
            Log.FAULTS,
        ),
        _field("route", Shape.TEXT, N_("Which kind of page, without ids and secrets in its address"), Log.REQUESTS),
        _field("method", Shape.TEXT, N_("Read or changed"), Log.REQUESTS),
        _field("status", Shape.NUMBER, N_("How it ended, as a number"), Log.REQUESTS, Log.FAULTS),
        _field("ms", Shape.NUMBER, N_("How long it took"), Log.REQUESTS),
        _field("person_ref", Shape.ID, N_("The random id of the account"), Log.REQUESTS, is_personal=True),
        _field(
            "organisation_ref", Shape.ID, N_("The random id of the company"), Log.REQUESTS, Log.WORKER,
            is_personal=True,
        ),
        _field("error", Shape.TEXT, N_("The kind of an error, never its message"), Log.FAULTS, Log.WORKER),
        _field("cause", Shape.TEXT, N_("The kind of the error behind it"), Log.FAULTS, Log.WORKER),
        _field("where", Shape.TEXT, N_("Lines of our code"), Log.FAULTS, Log.WORKER),
        _field("sqlstate", Shape.TEXT, N_("The database's number of the error"), Log.FAULTS, Log.WORKER),
        _field("table", Shape.TEXT, N_("The name of a table"), Log.FAULTS, Log.WORKER),
        _field("constraint", Shape.TEXT, N_("The name of a rule of the database"), Log.FAULTS, Log.WORKER),
        _field("rule", Shape.TEXT, N_("The name of a rule of the database"), Log.FAULTS, Log.WORKER),
        _field("check", Shape.TEXT, N_("The name of a check of our own"), Log.FAULTS, Log.WORKER),
        _field("why", Shape.TEXT, N_("A reason, as a word of our own"), Log.FAULTS, Log.WORKER),
        _field("logger", Shape.TEXT, N_("The library that spoke; what it said is left out"), Log.FAULTS, Log.WORKER),
        _field("cookie", Shape.TEXT, N_("The name of a cookie that was stopped"), Log.FAULTS),
        _field("objection", Shape.TEXT, N_("Why it was stopped"), Log.FAULTS),
        _field("state", Shape.TEXT, N_("A state, as a word of our own"), Log.FAULTS, Log.WORKER),
        _field("kind", Shape.TEXT, N_("A kind, as a word of our own"), Log.FAULTS, Log.WORKER),
        _field("language", Shape.TEXT, N_("A language"), Log.FAULTS, Log.WORKER),
        _field("action", Shape.TEXT, N_("An action, as a word of our own"), Log.FAULTS, Log.WORKER),
        _field("job", Shape.TEXT, N_("The name of a background job"), Log.WORKER),
        _field("step", Shape.TEXT, N_("A step of the clean-up at night"), Log.WORKER),
        _field("erasure", Shape.ID, N_("The random id of a deletion"), Log.WORKER),
        _field("count", Shape.NUMBER, N_("How many"), Log.WORKER),
        _field("rows", Shape.NUMBER, N_("How many"), Log.WORKER),
        _field("due", Shape.NUMBER, N_("How many are due to go"), Log.WORKER),
        _field("gone", Shape.NUMBER, N_("How many are gone"), Log.WORKER),
        _field("total", Shape.NUMBER, N_("How many there are"), Log.WORKER),
        _field("dry_run", Shape.NUMBER, N_("Whether it was only a rehearsal"), Log.WORKER),
        _field("failures", Shape.NUMBER, N_("How often it failed"), Log.WORKER),
        _field("seconds", Shape.NUMBER, N_("How long it waits"), Log.WORKER),
        _field("dropped", Shape.TEXT, N_("Names of fields that were left out because they are not in this list")),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere that something like a log lies; all texts are msgids."""

    name: str
    what: str
    period: str
    who: str


PLACES: tuple[Place, ...] = (
    Place(
        N_("The log of requests and faults"),
        N_("The fields below. No IP address, no name of a browser, no names, no addresses, nothing that was typed"),
        N_("30 days, set by whoever runs the server"), N_("Who runs the server"),
    ),
    Place(
        N_("The log of the background worker"), N_("The same fields, without any of a request"),
        N_("30 days, set by whoever runs the server"), N_("Who runs the server"),
    ),
    Place(
        N_("The security log of an account"),
        N_("Sign-ins and changes, with the first part of the IP address and the kind of browser"), N_("12 months"),
        N_("You, on your account page; who runs the server"),
    ),
    Place(
        N_("The arguments of background jobs"), N_("Random ids only: what they stand for is looked up when the job runs"),
        N_("7 days"), N_("Who runs the server"),
    ),
    Place(
        N_("E-mails on their way"),
        N_(
            "Address and state of each e-mail; its text is made when it is sent and is not kept. Without a mail server "
            "they are files on the machine"
        ),
        N_("With the invoice; letters about accounts 7 days, files 30 days"), N_("The company; who runs the server"),
    ),
    Place(
        N_("The audit trail"), N_("Who changed what and when, as random ids and names of fields, never what they held"),
        N_("As long as the accounting law asks: in Norway 5 years"), N_("The company"),
    ),
    Place(
        N_("A proxy in front of the app"),
        N_("Whatever it is told to write. Our example for nginx and Caddy writes no access log at all"),
        N_("Set by whoever runs the server"), N_("Who runs the server"),
    ),
)  # fmt: skip
