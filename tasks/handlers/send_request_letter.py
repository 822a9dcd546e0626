"""Send a letter about a request for one's own data."""

from __future__ import annotations

from uuid import UUID

from actions import request_letters
from actions.clock import now
from actions.instance import settings
from domain.delivery import Problem
from tasks.failures import TemporaryFailure
from tasks.gateways.mail import Mailer
from tasks.handlers.handler import Payload
from tasks.letters import Envelope, request_letter
from tasks.retries import A_DAY


class SendRequestLetter:
    """{request_id, place}, and {organisation_id} for a request to a company."""

    pauses = A_DAY

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer

    async def run(self, payload: Payload) -> None:
        prepared = await request_letters.prepare(*_which(payload))
        if prepared is None:
            return
        envelope = Envelope(
            settings().mail_from, prepared.letter.recipient, prepared.message_id, now(), prepared.reply_to
        )
        letter = request_letter(prepared.letter, envelope, prepared.sender)
        await self._mailer.send(letter, sender=envelope.sender, recipient=prepared.letter.recipient)
        await request_letters.note_outcome(*_which(payload))

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        await request_letters.note_outcome(*_which(payload), failure.problem.code)

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        await request_letters.note_outcome(*_which(payload), problem.code)


def _which(payload: Payload) -> tuple[UUID | None, UUID, int]:
    organisation_id = payload.get("organisation_id")
    return UUID(organisation_id) if organisation_id else None, UUID(payload["request_id"]), int(payload["place"])
