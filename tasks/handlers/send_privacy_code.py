"""Send the code that opens the privacy page of an invoice."""

from __future__ import annotations

from uuid import UUID

from actions import customer_passes
from actions.clock import now
from actions.instance import settings
from domain.delivery import Problem
from tasks.failures import TemporaryFailure
from tasks.gateways.mail import Mailer
from tasks.handlers.handler import Payload
from tasks.letters import Envelope, request_letter
from tasks.retries import AN_HOUR


class SendPrivacyCode:
    """{organisation_id, id}"""

    pauses = AN_HOUR

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer

    async def run(self, payload: Payload) -> None:
        organisation_id, pass_id = UUID(payload["organisation_id"]), UUID(payload["id"])
        prepared = await customer_passes.prepare_code(organisation_id, pass_id)
        if prepared is None:
            return
        recipient = prepared.letter.recipient
        envelope = Envelope(settings().mail_from, recipient, prepared.message_id, now(), prepared.reply_to)
        letter = request_letter(prepared.letter, envelope, prepared.sender)
        await self._mailer.send(letter, sender=envelope.sender, recipient=recipient)
        await customer_passes.record_sent(organisation_id, pass_id)

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        """The code soon ends; whoever waits asks for another."""

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        """As above."""
