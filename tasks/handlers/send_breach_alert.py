"""Remind an operator of the clock of a breach."""

from __future__ import annotations

from uuid import UUID

from actions import breach_alerts
from actions.clock import now
from actions.instance import settings
from domain.delivery import Problem
from tasks.failures import TemporaryFailure
from tasks.gateways.mail import Mailer
from tasks.handlers.handler import Payload
from tasks.letters import Envelope, account_letter
from tasks.retries import A_DAY


class SendBreachAlert:
    """{breach_id, step, place}"""

    pauses = A_DAY

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer

    async def run(self, payload: Payload) -> None:
        step, place = int(payload["step"]), int(payload["place"])
        letter = await breach_alerts.prepare(UUID(payload["breach_id"]), step, place)
        if letter is None:
            return
        told = settings()
        message_id = f"<{payload['breach_id']}.{step}.{place}@{told.mail_from.rpartition('@')[2] or 'localhost'}>"
        envelope = Envelope(told.mail_from, letter.recipient, message_id, now())
        await self._mailer.send(account_letter(letter, envelope), sender=envelope.sender, recipient=letter.recipient)

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        """The page of the operator tells the same."""

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        """As above."""
