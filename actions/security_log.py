"""What happened to an account, for its owner to see: kept twelve months."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from actions.clock import now
from domain.sessions import LONGEST_BROWSER, network_of
from models.ids import new_id
from models.restriction import NOT_WANTED
from models.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request came from. `browser` is a family such as `Firefox, Linux`, never the whole user agent."""

    ip: str
    browser: str

    def __post_init__(self) -> None:
        assert len(self.browser) <= LONGEST_BROWSER

    @property
    def network(self) -> str:
        """The network of the address: all that is ever stored of it."""
        return network_of(self.ip)


async def note(work: Work, person_id: UUID, kind: str, client: Client) -> None:
    """Note an event in this unit of work. `kind` is a key of routes.account.EVENTS."""
    await work.connection.execute(_NOTE, new_id(), person_id, kind, now(), client.network, client.browser)


async def note_for_address(work: Work, email_key: str, kind: str, client: Client) -> None:
    """The same for whoever has this address, if anybody: one statement either way, so that it takes the same time."""
    await work.connection.execute(_NOTE_FOR, new_id(), email_key, kind, now(), client.network, client.browser)


# Who objects to it, or restricted the account, is logged without network and browser until that is decided (Art. 21).
_OBJECTED = NOT_WANTED.format(person="p.id", purpose="'security'")
_NOTE_OF = f"""
insert into security_event (id, person_id, kind, at, ip_prefix, browser)
select $1, p.id, $3, $4, case when w.rests then '' else $5 end, case when w.rests then '' else $6 end
from person p cross join lateral (select {_OBJECTED} as rests) w
"""  # noqa: S608 - constants of this package
_NOTE = f"{_NOTE_OF} where p.id = $2"
_NOTE_FOR = f"{_NOTE_OF} where p.email_key = $2"
