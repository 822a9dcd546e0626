"""Send a letter about an account: a link that confirms an address, a notice that the password was changed."""

from __future__ import annotations

from uuid import UUID

from actions import account_deliveries
from actions.account_letters import prepare_account_message
from actions.clock import now
from actions.instance import settings
from domain.delivery import Problem
from tasks.failures import TemporaryFailure
from tasks.gateways.mail import Mailer
from tasks.handlers.handler import Payload
from tasks.letters import Envelope, account_letter
from tasks.retries import AN_HOUR


class SendAccountMessage:
    """{id}"""

    pauses = AN_HOUR

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer

    async def run(self, payload: Payload) -> None:
        message_id = UUID(payload["id"])
        rfc_message_id = await account_deliveries.begin_attempt(message_id)
        letter = await prepare_account_message(message_id) if rfc_message_id else None
        if letter is None or rfc_message_id is None:
            return
        told = settings()
        envelope = Envelope(told.mail_from, letter.recipient, rfc_message_id, now(), told.operator.privacy_email)
        await self._mailer.send(account_letter(letter, envelope), sender=envelope.sender, recipient=letter.recipient)
        await account_deliveries.record_sent(message_id)

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        await account_deliveries.record_problem(UUID(payload["id"]), failure.problem)

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        await account_deliveries.record_problem(UUID(payload["id"]), problem)
