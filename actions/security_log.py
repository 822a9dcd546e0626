"""What happened to an account, for its owner to see: kept twelve months."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from actions.clock import now
from domain.sessions import LONGEST_BROWSER, network_of
from models.ids import new_id
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


_NOTE = "insert into security_event (id, person_id, kind, at, ip_prefix, browser) values ($1, $2, $3, $4, $5, $6)"
_NOTE_FOR = """
insert into security_event (id, person_id, kind, at, ip_prefix, browser)
select $1, id, $3, $4, $5, $6 from person where email_key = $2
"""
