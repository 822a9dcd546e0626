"""Tell the owner of a plan what it waits for."""

from __future__ import annotations

from uuid import UUID

from actions import deliveries
from actions.clock import now
from actions.instance import settings
from domain.delivery import Problem
from models.queries.deliveries import Waiting
from models.queries.plans import stored
from models.unit_of_work import reading
from tasks.failures import FinalFailure
from tasks.handlers.message import MessageHandler
from tasks.letters import Envelope, plan_letter


class TellOfPlan(MessageHandler):
    async def _send(self, organisation_id: UUID, message: Waiting) -> None:
        if message.plan_id is None:
            raise FinalFailure(Problem("unexpected"))
        async with reading(organisation_id) as work:
            plan = await stored(work, message.plan_id)
            language = await work.connection.fetchval(_LANGUAGE, organisation_id)
        if plan is None or await deliveries.begin_attempt(organisation_id, message.id) is None:
            return
        envelope = Envelope(settings().mail_from, message.recipient, message.message_id, now())
        words = {
            "asks": message.kind == "plan_asks",
            "customer": plan.row["customer_name"],
            "link": f"{settings().public_url}/plans/{plan.id}",
        }
        letter = plan_letter(words, envelope, language)
        await self._mailer.send(letter, sender=envelope.sender, recipient=message.recipient)
        await deliveries.record_sent(organisation_id, message.id)


_LANGUAGE = "select language from organisation where id = $1"
