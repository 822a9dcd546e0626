"""Values of the domain as JSON in one column, and back: figures as text, so that nothing is ever a float.

For what is written and read as a whole. A field that came later has its default; one that went away is left out.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")


def to_json(value: Any) -> str:
    """A frozen dataclass of the domain, and all that is in it, as JSON."""
    return _adapter(cast(Hashable, type(value))).dump_json(value).decode()


def from_json(kind: type[T], text: str) -> T:
    """The value of `kind` that `to_json` wrote."""
    found: T = _adapter(cast(Hashable, kind)).validate_json(text)
    return found


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, kind))
