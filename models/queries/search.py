"""Finding what a company has, invoices above all, by the beginnings of their words.

A word is sought as a range of the index (`>= 'nord'` and `< 'nore'`), which is allowed under row-level security where
LIKE is not. A rare word gives the few rows that have it. A common one ("as", in a country of companies) would give them
all; so it is asked of each row in turn, in the order of the list, and the first page is full after a few.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from domain.words import prefix_end, terms
from models.queries.keyset import Place
from models.queries.restrictions import CUSTOMER_FREE, INVOICE_FREE
from models.unit_of_work import Work

# Arrays go to and fro as text: that is the one kind of array for which the driver need not ask the server what it is,
# with a query of its own on each new connection.

# More subjects than this have a common word: about where reading them all costs as much as asking row by row
# (the root of rows of a page x rows of a large company).
COMMON = {"invoice": 2500, "quote": 2500, "customer": 700, "product": 700, "supplier": 700, "plan": 700}
# A beginning with few spellings is followed word by word, newest first, however many subjects have them.
FEW_SPELLINGS = 50
# So many subjects of a common word are sorted sooner than rows without it are asked in vain.
MOST_LED = 15_000
# So many of the newest subjects of each of several words are read before anything is counted: few at first, which fill a
# page when half of those with the rarest word have them all, then enough for one in ten.
NEWEST_READ = (150, 900)
# Of several kinds at once, few are read: more than these have a common word.
MOST_OF_A_KIND = 300
# How many of the newest are asked for words that are all common. Only `newest` stops there; lists go on to the end.
MOST_ASKED = 20_000


@dataclass(frozen=True, slots=True)
class Matches:
    """What the words of a query leave: `ids` when one of them is rare, else the ranges of the common words, to be asked
    of each row by `has_words`; neither when nothing was asked. `is_cut`: `ids` are only the newest. `lead`: the range of
    a word that is common, but rare enough for its subjects to be the rows that are asked."""

    ids: list[str] | None
    lows: list[str]
    ends: list[str]
    is_cut: bool = False
    lead: tuple[str, str] | None = None

    @property
    def everything(self) -> bool:
        """Was nothing asked for?"""
        return self.ids is None and not self.lows

    async def led(self, work: Work, kind: str) -> Matches:
        """The same, led by the rarest of several common words if it has few enough subjects to be sorted."""
        if len(self.lows) < 2 or self.is_cut:
            return self
        rows = await work.connection.fetch(_SIZES, work.organisation_id, kind, self.lows, self.ends, MOST_LED)
        size, n = min((row["size"], n) for n, row in enumerate(rows))
        if size > MOST_LED:
            return self
        others = [one for one in range(len(rows)) if one != n]
        lows, ends = [self.lows[one] for one in others], [self.ends[one] for one in others]
        return replace(self, lows=lows, ends=ends, lead=(self.lows[n], self.ends[n]))


@dataclass(frozen=True, slots=True)
class Newest:
    """For a reader that needs only the newest subjects and leaves none of them out: at most `limit`, listed before the
    place `before`."""

    limit: int
    before: Place = field(default_factory=Place.end)


EVERYTHING = Matches(None, [], [])
NOTHING = Matches([], [], [])


async def look_up(work: Work, kind: str, query: str, only: Newest | None = None) -> Matches:
    """The subjects of `kind` (customer, product, invoice ...) with a word for each beginning in `query`.

    One statement, or two where words are common. A query without a letter or digit asks for nothing when it is blank,
    and finds nothing when it is not.
    """
    sought = terms(query)
    if not sought:
        return NOTHING if query.strip() else EVERYTHING
    lows, ends = sought, [prefix_end(term) for term in sought]
    if only is not None:
        one = len(sought) == 1
        found = await (
            _newest_of_one(work, kind, sought[0], only) if one else _newest_of_several(work, kind, lows, ends, only)
        )
        if found is not None:
            return found
    rows = await work.connection.fetch(_SUBJECTS, work.organisation_id, kind, lows, ends, COMMON[kind])
    rare = [set(row["ids"]) for row in rows if row["ids"] is not None]
    # The longest first: it is likely to be the rarest.
    common = sorted((n for n, row in enumerate(rows) if row["ids"] is None), key=lambda n: -len(sought[n]))
    lows, ends = [lows[n] for n in common], [ends[n] for n in common]
    if not rare:
        return Matches(None, lows, ends)
    return Matches(await _with_words(work, kind, list(set.intersection(*rare)), lows, ends), [], [])


async def _newest_of_one(work: Work, kind: str, term: str, only: Newest) -> Matches | None:
    """The newest subjects with a word that begins with `term`; None when there are too many such words."""
    row = await work.connection.fetchrow(
        _NEWEST_OF_ONE, work.organisation_id, kind, term, prefix_end(term), FEW_SPELLINGS + 1, only.limit,
        only.before.at, only.before.id,
    )  # fmt: skip
    if row["spellings"] > FEW_SPELLINGS:
        return None
    return Matches(row["ids"], [], [], is_cut=len(row["ids"]) == only.limit)


async def _newest_of_several(work: Work, kind: str, lows: list[str], ends: list[str], only: Newest) -> Matches | None:
    """The newest subjects with a word in each of the ranges; None when the newest of each word do not tell them all."""
    asked = " and ".join(
        _READ_OR_HAS.format(n=n, has_word=_HAS_WORD.format(kind="$2", lows="$3", ends="$4", n=n))
        for n in range(1, len(lows) + 1)
    )
    statement = _NEWEST_OF_SEVERAL.format(has_words=asked)
    for read in NEWEST_READ:
        row = await work.connection.fetchrow(
            statement, work.organisation_id, kind, lows, ends, FEW_SPELLINGS + 1, only.limit, only.before.at,
            only.before.id, read,
        )  # fmt: skip
        if len(row["ids"]) == only.limit:
            return Matches(row["ids"], lows, ends, is_cut=True)
        if row["are_all"]:
            return Matches(row["ids"], [], [])
    return None


async def _with_words(work: Work, kind: str, ids: list[str], lows: list[str], ends: list[str]) -> list[str]:
    """Those of the few subjects that have the common words too."""
    if not ids or not lows:
        return ids
    rows = await work.connection.fetch(_SUBJECTS_AMONG, work.organisation_id, kind, lows, ends, ids)
    return list(set.intersection(*(set(row["ids"]) for row in rows)))


def has_words(matches: Matches, *, kind: str, lows: str, ends: str) -> str:
    """The condition that a row `s` has all the common words. The rest names the places of its values in the statement,
    where $1 is the company."""
    numbers = range(1, len(matches.lows) + 1)
    return " and ".join(_HAS_WORD.format(kind=kind, lows=lows, ends=ends, n=n) for n in numbers)


async def newest(work: Work, kind: str, query: str, limit: int, columns: str) -> list[Any]:
    """These columns of the newest subjects that `query` finds: invoices as listed, the others by when they were made."""
    matches = await look_up(work, kind, query, Newest(limit))
    if matches.everything:
        return []
    if matches.ids is None:
        values = (work.organisation_id, limit, kind, matches.lows, matches.ends, MOST_ASKED)
        asked = has_words(matches, kind="$3", lows="$4", ends="$5")
        return list(await work.connection.fetch(among_newest(kind, columns).format(has_words=asked), *values))
    if not matches.ids:
        return []
    return list(await work.connection.fetch(_among_ids(kind, columns), work.organisation_id, limit, matches.ids))


async def newest_of_kinds(work: Work, query: str, limit: int, columns: dict[str, str]) -> dict[str, list[Any]]:
    """The newest subjects of each kind that `query` finds, with these columns: the same for each kind, by name.

    Two statements for all kinds together, and one or two for each kind with a word that is common in it.
    """
    found: dict[str, list[Any]] = {kind: [] for kind in columns}
    sought = terms(query)
    if not sought:
        return found
    ends, kinds = [prefix_end(term) for term in sought], list(columns)
    rows = await work.connection.fetch(_SUBJECTS_OF_KINDS, work.organisation_id, kinds, sought, ends, MOST_OF_A_KIND)
    few: dict[str, list[str]] = {}
    for kind in kinds:
        words = [row["ids"] for row in rows if row["kind"] == kind]
        if None in words:
            found[kind] = await newest(work, kind, query, limit, columns[kind])
        elif ids := set.intersection(*map(set, words)):
            few[kind] = list(ids)
    if few:
        parts = [f"({_of(kind, f'{kind!r} as kind, {columns[kind]}', n)})" for n, kind in enumerate(few, 3)]
        values = (work.organisation_id, limit, *few.values())
        for row in await work.connection.fetch(" union all ".join(parts), *values):
            found[row["kind"]].append({name: value for name, value in row.items() if name != "kind"})
    return found


def among_newest(kind: str, columns: str) -> str:
    """The statement for words that are all common, with a place for what each row is asked."""
    rows, order = _NEWEST_FIRST[kind]
    return (
        f"select {columns} from (select * from {rows} order by {order} limit $6) s "  # noqa: S608 - our own words
        f"where {{has_words}} order by {order} limit $2"
    )


def _among_ids(kind: str, columns: str) -> str:
    return _of(kind, columns, 3)


def _of(kind: str, columns: str, place: int) -> str:
    """The newest $2 of those whose ids stand at that place."""
    rows, order = _NEWEST_FIRST[kind]
    return f"select {columns} from {rows} and id = any(${place}::text[]::uuid[]) order by {order} limit $2"  # noqa: S608


# Null for a common word: its subjects are counted that far and not sent.
_SUBJECTS = """
select case when cardinality(found.ids) <= $5 then found.ids::text[] end as ids
from unnest($3::text[], $4::text[]) with ordinality as sought (low, until, place) cross join lateral (
    select array(
        select w.subject_id from search_word w
        where w.organisation_id = $1 and w.kind = $2
        and w.word >= sought.low collate "C" and w.word < sought.until collate "C" limit $5 + 1
    ) as ids
) found order by sought.place
"""
_SUBJECTS_OF_KINDS = """
select of.kind, case when cardinality(found.ids) <= $5 then found.ids::text[] end as ids
from unnest($2::text[]) as of (kind)
cross join unnest($3::text[], $4::text[]) as sought (low, until) cross join lateral (
    select array(
        select w.subject_id from search_word w
        where w.organisation_id = $1 and w.kind = of.kind
        and w.word >= sought.low collate "C" and w.word < sought.until collate "C" limit $5 + 1
    ) as ids
) found
"""
_SIZES = """
select (select count(*) from (
    select from search_word w
    where w.organisation_id = $1 and w.kind = $2
    and w.word >= sought.low collate "C" and w.word < sought.until collate "C" limit $5 + 1
) counted) as size
from unnest($3::text[], $4::text[]) with ordinality as sought (low, until, place) order by sought.place
"""
# `limit 1` keeps the planner at looking up the few, instead of reading all who have a common word.
_SUBJECTS_AMONG = """
select array(
    select few.id from unnest($5::text[]) as few (id) cross join lateral (
        select from search_word w
        where w.organisation_id = $1 and w.kind = $2 and w.subject_id = few.id::uuid
        and w.word >= sought.low collate "C" and w.word < sought.until collate "C" limit 1
    ) having_it
) as ids
from unnest($3::text[], $4::text[]) as sought (low, until)
"""
# From word to word by the index, each asked for its newest; `listed_at` and `subject_id` follow the word there.
_NEWEST_OF_ONE = """
with recursive spelled (word, place) as (
    (
        select w.word, 1 from search_word w
        where w.organisation_id = $1 and w.kind = $2 and w.word >= $3 and w.word < $4 order by w.word limit 1
    ) union all (
        select following.word, spelled.place + 1 from spelled cross join lateral (
            select w.word from search_word w
            where w.organisation_id = $1 and w.kind = $2 and w.word > spelled.word and w.word < $4
            order by w.word limit 1
        ) following where spelled.place < $5
    )
)
select (select count(*) from spelled) as spellings, array(
    select found.subject_id::text from (
        select distinct newest.listed_at, newest.subject_id from spelled cross join lateral (
            select w.listed_at, w.subject_id from search_word w
            where w.organisation_id = $1 and w.kind = $2 and w.word = spelled.word
            and (w.listed_at, w.subject_id) < ($7, $8)
            order by w.listed_at desc, w.subject_id desc limit $6
        ) newest
        where (select count(*) from spelled) < $5
    ) found order by found.listed_at desc, found.subject_id desc limit $6
) as ids
"""
# Each spelling gives its newest, as many as its share of what is read for its word. What is newer than the oldest of a
# full share (the word's edge) is complete, for no spelling has anything else there. The word that reaches back furthest
# is the rarest, and its subjects are asked in turn: one that is newer than the edge of another word has that word or
# has not, as far as was read, and only an older one is looked up. A word of too many spellings is not read at all.
_NEWEST_OF_SEVERAL = """
with recursive spelled (n, until, word, place) as (
    select sought.n, sought.until, first.word, 1
    from unnest($3::text[], $4::text[]) with ordinality as sought (low, until, n) cross join lateral (
        select w.word from search_word w
        where w.organisation_id = $1 and w.kind = $2
        and w.word >= sought.low collate "C" and w.word < sought.until collate "C" order by w.word limit 1
    ) first union all (
        select spelled.n, spelled.until, following.word, spelled.place + 1 from spelled cross join lateral (
            select w.word from search_word w
            where w.organisation_id = $1 and w.kind = $2
            and w.word > spelled.word and w.word < spelled.until collate "C" order by w.word limit 1
        ) following where spelled.place < $5
    )
), share as materialized (
    select n, count(*) < $5 as is_read, least(2, count(*)) * $9::integer / count(*) + 1 as size from spelled group by n
), newest as materialized (
    select share.n, spelled.place, share.size, found.listed_at, found.subject_id
    from share join spelled on spelled.n = share.n cross join lateral (
        select w.listed_at, w.subject_id from search_word w
        where w.organisation_id = $1 and w.kind = $2 and w.word = spelled.word
        and (w.listed_at, w.subject_id) < ($7, $8)
        order by w.listed_at desc, w.subject_id desc limit share.size
    ) found where share.is_read
), full_shares as (
    select n, min(listed_at) as oldest from newest group by n, place, size having count(*) = size
), edges as materialized (
    select share.n, case
        when share.is_read then coalesce(max(full_shares.oldest), '-infinity') else 'infinity'
    end as edge
    from share left join full_shares on full_shares.n = share.n group by share.n, share.is_read
), lead as materialized (
    select n, edge from edges order by edge limit 1
), asked as materialized (
    select newest.listed_at, newest.subject_id as id, bit_or(1::bigint << newest.n::integer) as words
    from lead join newest on newest.listed_at > lead.edge
    group by newest.listed_at, newest.subject_id having bool_or(newest.n = lead.n)
    order by newest.listed_at desc, newest.subject_id desc
)
select
    (select edge = '-infinity' from lead) or (select count(*) from share) < cardinality($3::text[]) as are_all,
    array(select s.id::text from asked s where {has_words} order by s.listed_at desc, s.id desc limit $6) as ids
"""
# `offset 0` keeps the planner at asking for one row, instead of reading all who have the word. Asked one after the
# other, so that a row without the first is not asked for the second.
_HAS_WORD = """exists (
    select from search_word w
    where w.organisation_id = $1 and w.kind = {kind} and w.subject_id = s.id
    and w.word >= ({lows}::text[])[{n}] collate "C" and w.word < ({ends}::text[])[{n}] collate "C" offset 0
)"""
_READ_OR_HAS = "((s.words >> {n} & 1) = 1 or s.listed_at <= (select edge from edges where n = {n}) and {has_word})"
# The subjects of a leading word, newest first; $1 is the company.
LED = """(
    select distinct w.listed_at, w.subject_id as id from search_word w
    where w.organisation_id = $1 and w.kind = {kind} and w.word >= {low} and w.word < {until}
    order by w.listed_at desc, w.subject_id desc offset 0
)"""
_NEWEST_FIRST = {
    "invoice": (
        f"invoice s where organisation_id = $1 and deleted_at is null and {INVOICE_FREE}",
        "listed_at desc, id desc",
    ),
    "quote": (
        f"quote s where organisation_id = $1 and deleted_at is null and {CUSTOMER_FREE}",
        "listed_at desc, id desc",
    ),
    "customer": ("customer where organisation_id = $1 and restricted_at is null", "id desc"),
    "product": ("product where organisation_id = $1", "id desc"),
    "plan": (
        f"plan s where organisation_id = $1 and deleted_at is null and {CUSTOMER_FREE}",
        "listed_at desc, id desc",
    ),
    "supplier": (
        "supplier_document where organisation_id = $1 and deleted_at is null",
        "received_at desc, id desc",
    ),
}
