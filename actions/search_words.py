"""The words by which a customer, product, invoice and so on is found, written in the transaction of their cause."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from domain.words import words
from models.together import Part, send_together
from models.unit_of_work import Work

# Enough for every field of a customer; a note as long as a book adds no more than this.
MOST_WORDS = 100


async def index(work: Work, kind: str, subject_id: UUID, listed_at: datetime, texts: Iterable[str]) -> None:
    """Replace the words of one subject by those of `texts`, the most telling text first.

    `kind` is customer, product, invoice, quote, plan or supplier; `listed_at` is the subject's place in time, newest
    first. Words that stay are not written again, so saving without a change of words costs two look-ups.
    """
    await send_together(work, *indexing(work, kind, subject_id, listed_at, texts))


def indexing(work: Work, kind: str, subject_id: UUID, listed_at: datetime, texts: Iterable[str]) -> tuple[Part, Part]:
    """As `index`, to be sent together with others."""
    values = (work.organisation_id, kind, subject_id, listed_at, chosen(texts))
    return Part("words_gone", _GONE, values), Part("words_new", _NEW.format(condition=""), values)


def first(work: Work, subject_id: UUID, listed_at: datetime, texts: Iterable[str], beside: str) -> Part:
    """The words of an invoice that is only just made, to be sent together with the part `beside` that makes it: nothing
    when that answers with no row."""
    values = (work.organisation_id, "invoice", subject_id, listed_at, chosen(texts))
    return Part("words_new", _NEW.format(condition=f"where exists (table {beside})"), values)


def chosen(texts: Iterable[str]) -> list[str]:
    """The words to write for `texts`: each once, and not more than are worth finding."""
    return list(dict.fromkeys(word for text in texts for word in words(text)))[:MOST_WORDS]


async def forget(work: Work, kind: str, subject_id: UUID) -> None:
    """Remove every word of one subject, so that it is found no more."""
    await work.connection.execute(_FORGET, work.organisation_id, kind, subject_id)


_GONE = """
delete from search_word where organisation_id = $1 and kind = $2 and subject_id = $3
and (listed_at <> $4::timestamptz or word <> all($5::text[]))
"""
_NEW = """
insert into search_word (organisation_id, kind, subject_id, listed_at, word)
select $1, $2, $3, $4::timestamptz, word from unnest($5::text[]) as word {condition} on conflict do nothing
"""
# "held" are the words of what is restricted.
_FORGET = "delete from search_word where organisation_id = $1 and kind in ($2, 'held') and subject_id = $3"
