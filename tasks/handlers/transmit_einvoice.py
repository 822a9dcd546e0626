"""Hand an e-invoice over to the access point, and follow it until it is there."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol
from uuid import UUID

from actions import einvoices, transmissions
from actions.failpoints import failpoint
from actions.outcomes import NotFound
from domain.delivery import Problem
from domain.peppol import Presence
from models.queries.einvoices import is_for_the_network
from models.queries.transmissions import underway
from tasks.failures import FinalFailure, TemporaryFailure
from tasks.gateways.access_point import AccessPoint
from tasks.gateways.pdf import PdfError
from tasks.handlers.handler import Payload
from tasks.handlers.render_invoice import failed_document
from tasks.retries import A_DAY


class Directory(Protocol):
    """Knows who can be reached over the network."""

    async def find(self, recipient: str, is_credit_note: bool = False) -> Presence: ...


def _ids(payload: Payload) -> tuple[UUID, UUID]:
    return UUID(payload["organisation_id"]), UUID(payload["transmission_id"])


class TransmitEInvoice:
    """{organisation_id, transmission_id}"""

    pauses = A_DAY

    def __init__(self, access_point: AccessPoint | None, directory: Directory) -> None:
        self._access_point = access_point
        self._directory = directory

    async def run(self, payload: Payload) -> None:
        organisation_id, transmission_id = _ids(payload)
        found = await underway(organisation_id, transmission_id, "queued")
        if found is None:
            return
        if self._access_point is None:
            raise FinalFailure(Problem("network_absent"))
        if await self._directory.find(found.recipient, found.is_credit_note) is Presence.ABSENT:
            raise FinalFailure(Problem("receiver_absent"))
        xml = await _document(organisation_id, found.invoice_id)
        if not await transmissions.begin_attempt(organisation_id, transmission_id):
            return
        remote_id = await self._access_point.submit(str(transmission_id), found.recipient, xml)
        await failpoint("transmission.accepted")
        await transmissions.record_handed_over(organisation_id, transmission_id, remote_id)

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        await transmissions.record_problem(*_ids(payload), failure.problem)

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        await transmissions.record_refused(*_ids(payload), problem)


async def _document(organisation_id: UUID, invoice_id: UUID) -> bytes:
    """The e-invoice, made now if that job did not get to it yet; only EHF may travel over the network."""
    try:
        await einvoices.make(organisation_id, invoice_id)
    except einvoices.NotJudged:
        raise TemporaryFailure(Problem("einvoice_waits")) from None
    except PdfError as error:
        raise failed_document(error) from None
    except NotFound:
        raise FinalFailure(Problem("einvoice_missing")) from None
    made = await einvoices.einvoice_of(organisation_id, invoice_id)
    if made is None or not await is_for_the_network(organisation_id, invoice_id):
        raise FinalFailure(Problem("einvoice_missing"))
    return made


class FollowTransmission:
    """{organisation_id, transmission_id}"""

    # The receiver's access point answers within minutes, or after its owner's weekend.
    pauses = (*A_DAY, *(timedelta(days=1),) * 4)

    def __init__(self, access_point: AccessPoint | None) -> None:
        self._access_point = access_point

    async def run(self, payload: Payload) -> None:
        organisation_id, transmission_id = _ids(payload)
        found = await underway(organisation_id, transmission_id, "handed_over")
        if found is None or self._access_point is None:
            return
        fate = await self._access_point.fate(found.remote_id)
        if fate.state == "pending":
            raise TemporaryFailure(Problem("network_pending"))
        if fate.state == "refused":
            problem = Problem("network_refused", fate.reason)
            await transmissions.record_refused(organisation_id, transmission_id, problem)
        else:
            await transmissions.record_delivered(organisation_id, transmission_id)

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        await transmissions.record_problem(*_ids(payload), failure.problem)

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        """It was handed over, and that is all that is known: the page says so."""
