"""Tell the owner of a plan what it waits for."""

from __future__ import annotations

from uuid import UUID

from actions import deliveries
from actions.clock import now
from actions.instance import settings
from domain.delivery import Problem
from models.queries.deliveries import waiting
from models.queries.plans import stored
from models.unit_of_work import reading
from tasks.failures import FinalFailure, TemporaryFailure
from tasks.gateways.mail import Mailer
from tasks.handlers.handler import Payload
from tasks.handlers.send_invoice import MOST_ATTEMPTS
from tasks.letters import Envelope, plan_letter
from tasks.retries import A_DAY


class TellOfPlan:
    """{organisation_id, message_id}"""

    pauses = A_DAY

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer

    async def run(self, payload: Payload) -> None:
        organisation_id, message_id = UUID(payload["organisation_id"]), UUID(payload["message_id"])
        message = await waiting(organisation_id, message_id)
        if message is None:
            return
        if message.attempts >= MOST_ATTEMPTS or message.plan_id is None:
            raise FinalFailure(Problem("unexpected"))
        async with reading(organisation_id) as work:
            plan = await stored(work, message.plan_id)
            language = await work.connection.fetchval(_LANGUAGE, organisation_id)
        if plan is None or await deliveries.begin_attempt(organisation_id, message_id) is None:
            return
        envelope = Envelope(settings().mail_from, message.recipient, message.message_id, now())
        words = {
            "asks": message.kind == "plan_asks",
            "customer": plan.row["customer_name"],
            "link": f"{settings().public_url}/plans/{plan.id}",
        }
        letter = plan_letter(words, envelope, language)
        await self._mailer.send(letter, sender=envelope.sender, recipient=message.recipient)
        await deliveries.record_sent(organisation_id, message_id)

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        organisation_id, message_id = UUID(payload["organisation_id"]), UUID(payload["message_id"])
        await deliveries.record_delay(
            organisation_id, message_id, failure.problem, may_have_arrived=failure.may_have_arrived
        )

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        await deliveries.record_failed(UUID(payload["organisation_id"]), UUID(payload["message_id"]), problem)


_LANGUAGE = "select language from organisation where id = $1"
