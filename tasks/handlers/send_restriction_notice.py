"""Tell a customer that the restriction of their data ends."""

from __future__ import annotations

from uuid import UUID

from actions import deliveries
from actions.clock import now
from actions.instance import settings
from domain.delivery import Problem
from models.queries.deliveries import Waiting
from models.queries.restrictions import notice_of
from tasks.failures import FinalFailure
from tasks.handlers.message import MessageHandler
from tasks.letters import Envelope, restriction_letter


class SendRestrictionNotice(MessageHandler):
    async def _send(self, organisation_id: UUID, message: Waiting) -> None:
        if message.restriction_id is None:
            raise FinalFailure(Problem("unexpected"))
        notice = await notice_of(organisation_id, message.restriction_id)
        if notice is None or await deliveries.begin_attempt(organisation_id, message.id) is None:
            return
        envelope = Envelope(settings().mail_from, message.recipient, message.message_id, now(), notice["reply_to"])
        letter = restriction_letter(notice, envelope, notice["language"])
        await self._mailer.send(letter, sender=envelope.sender, recipient=message.recipient)
        await deliveries.record_sent(organisation_id, message.id)
