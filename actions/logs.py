"""Log lines: one JSON object each, without personal data (S-53).

A line has only the fields of `domain/privacy/logs.py`. Text in them is redacted as a second net; ids, numbers and
instants pass. An error is
told by its kind and place, never by its message: messages quote what people typed.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any
from uuid import UUID

import msgspec

from domain.privacy.logs import FIELDS, Shape

# structlog draws with rich where that happens to be installed, and a tenth of each start went by loading it. Our lines
# are JSON, so structlog is told that there is none.
if hides_rich := "rich" not in sys.modules:
    sys.modules["rich"] = None  # type: ignore[assignment]
import structlog

if hides_rich:
    del sys.modules["rich"]

Event = MutableMapping[str, Any]

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
# The page /privacy/logs shows the same table.
TEXT_KEYS = frozenset(name for name, field in FIELDS.items() if field.shape is Shape.TEXT)
# Libraries whose log texts are known to quote nobody; the others are told by place only.
QUIET_LIBRARIES = frozenset({"uvicorn.error"})
# Made here, of nothing that anybody wrote.
OUR_OWN = frozenset({"at", "level", "request_id"})
# What can not hold text, under these names only.
OTHER_KEYS = frozenset(FIELDS) - TEXT_KEYS | OUR_OWN
DEEPEST = 12
MOST_CLEAN = 2000
ROOT = Path(__file__).resolve().parent.parent

_CAN_NOT_HOLD_TEXT = (int, float, UUID, datetime)
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# In this order: an address may stand in a URL, a token may hold eleven digits.
_PRIVATE = (
    (re.compile(r"(?<=://)[^\s/@]+@"), "[credentials]@"),
    (re.compile(r"[^\s@<>\"'(),;:/\[\]]+@[^\s@<>\"'(),;]+"), "[email]"),
    (re.compile(rf"(?<![\w-])(?!{_UUID}(?![\w-]))(?=[\w-]*\d)[A-Za-z0-9_-]{{24,}}"), "[token]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b"), "[iban]"),
    (re.compile(r"(?<!\d)\d{4}[ .]?\d{2}[ .]?\d{5}(?!\d)|(?<!\d)\d{6} \d{5}(?!\d)"), "[number]"),
)
# Texts that came through unchanged: the same few come with every request.
_clean: set[str] = set()


def redact(text: str) -> str:
    """`text` without e-mail addresses, account and identity numbers, tokens, passwords in addresses."""
    if text in _clean:
        return text
    redacted = text
    for pattern, instead in _PRIVATE:
        redacted = pattern.sub(instead, redacted)
    if redacted == text and len(_clean) < MOST_CLEAN:
        _clean.add(text)
    return redacted


def describe(error: BaseException) -> dict[str, Any]:
    """The kind of an error, of what caused it, and where it happened. For the database also which rule it was."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    told: dict[str, Any] = {"error": type(error).__name__, "where": _places(error.__traceback__)}
    if cause is not None:
        told["cause"] = type(cause).__name__
    for key, attribute in (("sqlstate", "sqlstate"), ("table", "table_name"), ("constraint", "constraint_name")):
        if isinstance(value := getattr(error, attribute, None), str):
            told[key] = value
    return told


def _places(traceback: TracebackType | None) -> list[str]:
    frames = [(frame.f_code, line) for frame, line in walk_tb(traceback)][-DEEPEST:]
    return [f"{_short(code.co_filename)}:{line} {code.co_name}" for code, line in frames]


def _short(filename: str) -> str:
    path = Path(filename)
    if "site-packages" in path.parts:
        return "/".join(path.parts[path.parts.index("site-packages") + 1 :])
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


def add_origin(logger: Any, method: str, event: Event) -> Event:
    """When, how grave, for which request; and an error as kind and place."""
    event["at"] = datetime.now(UTC).isoformat(timespec="milliseconds")
    event["level"] = method
    if request_id := REQUEST_ID.get():
        event["request_id"] = request_id
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event.update(describe(error))
    return event


def keep_known(logger: Any, method: str, event: Event) -> Event:
    """Only fields of the declared table: text redacted, ids and numbers as they are. All else is named but not told."""
    kept: Event = {}
    dropped = []
    for key, value in event.items():
        if key in OUR_OWN or (key in OTHER_KEYS and (value is None or isinstance(value, _CAN_NOT_HOLD_TEXT))):
            kept[key] = value
        elif key in TEXT_KEYS and isinstance(value, str):
            kept[key] = redact(value)
        elif key in TEXT_KEYS and isinstance(value, list):
            kept[key] = [redact(str(item)) for item in value]
        elif key in TEXT_KEYS and (value is None or isinstance(value, _CAN_NOT_HOLD_TEXT)):
            kept[key] = value
        else:
            dropped.append(key)
    if dropped:
        kept["dropped"] = dropped
    return kept


def as_json(logger: Any, method: str, event: Event) -> str:
    """One line: JSON writes a line break as two characters, so no text can forge a further entry."""
    return msgspec.json.encode(event).decode()


def write_line(line: str) -> None:
    """To standard error, in one call, so that lines of threads do not mix."""
    sys.stderr.write(line + "\n")


class _Line:
    """What structlog writes to: looked up anew for each line, so that a test may listen."""

    def msg(self, line: str) -> None:
        write_line(line)

    debug = info = warning = error = critical = msg


class LibraryLines(logging.Handler):
    """What libraries log goes the same way, without the arguments, which may quote a person."""

    def emit(self, record: logging.LogRecord) -> None:
        library = record.name
        text = record.msg if library in QUIET_LIBRARIES and isinstance(record.msg, str) else "library_message"
        event: Event = {"event": text.strip(), "logger": library, "where": [f"{record.module}:{record.lineno}"]}
        if record.exc_info and record.exc_info[1] is not None:
            event["exc_info"] = record.exc_info[1]
        level = record.levelname.lower()
        write_line(as_json(None, level, keep_known(None, level, add_origin(None, level, event))))


def configure(level: int = logging.INFO) -> None:
    """Make structlog and the standard library write our lines. May be called again."""
    processors: list[Callable[[Any, str, Event], Any]] = [add_origin, keep_known, as_json]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: _Line(),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    if not any(isinstance(handler, LibraryLines) for handler in root.handlers):
        root.addHandler(LibraryLines(logging.WARNING))
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # Its lines hold addresses and tokens in paths.
    logging.getLogger("uvicorn.access").disabled = True


log: Any = structlog.get_logger()
