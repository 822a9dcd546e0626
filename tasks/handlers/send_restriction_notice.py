"""Tell a customer that the restriction of their data ends."""

from __future__ import annotations

from uuid import UUID

from actions import deliveries
from actions.clock import now
from actions.instance import settings
from domain.delivery import Problem
from models.queries.deliveries import waiting
from models.queries.restrictions import notice_of
from tasks.failures import FinalFailure
from tasks.gateways.mail import Mailer
from tasks.handlers.handler import Payload
from tasks.handlers.send_invoice import MOST_ATTEMPTS
from tasks.handlers.tell_of_plan import TellOfPlan
from tasks.letters import Envelope, restriction_letter


class SendRestrictionNotice(TellOfPlan):
    """{organisation_id, message_id}"""

    def __init__(self, mailer: Mailer) -> None:
        super().__init__(mailer)

    async def run(self, payload: Payload) -> None:
        organisation_id, message_id = UUID(payload["organisation_id"]), UUID(payload["message_id"])
        message = await waiting(organisation_id, message_id)
        if message is None:
            return
        if message.attempts >= MOST_ATTEMPTS or message.restriction_id is None:
            raise FinalFailure(Problem("unexpected"))
        notice = await notice_of(organisation_id, message.restriction_id)
        if notice is None or await deliveries.begin_attempt(organisation_id, message_id) is None:
            return
        envelope = Envelope(settings().mail_from, message.recipient, message.message_id, now(), notice["reply_to"])
        letter = restriction_letter(notice, envelope, notice["language"])
        await self._mailer.send(letter, sender=envelope.sender, recipient=message.recipient)
        await deliveries.record_sent(organisation_id, message_id)
