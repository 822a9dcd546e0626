"""What sending any of a company's e-mails has in common: when it is tried, when given up, and where that is said."""

from __future__ import annotations

from abc import ABC, abstractmethod
from uuid import UUID

from actions import deliveries
from domain.delivery import Problem
from models.queries.deliveries import Waiting, waiting
from tasks.failures import FinalFailure, TemporaryFailure
from tasks.gateways.mail import Mailer
from tasks.handlers.handler import Payload
from tasks.retries import A_DAY

# Far above what the pauses allow: reached only when the message itself keeps killing workers.
MOST_ATTEMPTS = 3 * len(A_DAY)


class MessageHandler(ABC):
    """Sends the queued message {organisation_id, message_id}; what it says is up to each kind."""

    pauses = A_DAY

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer

    async def run(self, payload: Payload) -> None:
        organisation_id = UUID(payload["organisation_id"])
        message = await waiting(organisation_id, UUID(payload["message_id"]))
        if message is None:
            return
        if message.attempts >= MOST_ATTEMPTS:
            raise FinalFailure(Problem("unexpected"))
        await self._send(organisation_id, message)

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        organisation_id, message_id = UUID(payload["organisation_id"]), UUID(payload["message_id"])
        await deliveries.record_delay(
            organisation_id, message_id, failure.problem, may_have_arrived=failure.may_have_arrived
        )

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        await deliveries.record_failed(UUID(payload["organisation_id"]), UUID(payload["message_id"]), problem)

    @abstractmethod
    async def _send(self, organisation_id: UUID, message: Waiting) -> None:
        """Write the letter, begin the attempt, hand it to the mail server, and record that it was accepted."""
