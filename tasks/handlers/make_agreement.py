"""Draw the data-processing agreement that a company has accepted."""

from __future__ import annotations

import asyncio
from uuid import UUID

from actions import policies
from actions.files import StoreUnavailable
from actions.instance import settings
from domain.delivery import Problem
from domain.policy import SHELVES
from tasks.failures import FinalFailure, TemporaryFailure
from tasks.gateways.agreement_pdf import draw
from tasks.handlers.handler import Payload
from tasks.retries import A_DAY


class MakeAgreement:
    """{organisation_id, agreement_id}"""

    pauses = A_DAY

    async def run(self, payload: Payload) -> None:
        organisation_id, agreement_id = UUID(payload["organisation_id"]), UUID(payload["agreement_id"])
        signed = await policies.to_draw(organisation_id, agreement_id)
        if signed is None:
            return  # drawn already
        version = SHELVES["agreement"].version(signed.version)
        if version is None:
            raise FinalFailure(Problem("document_failed"))
        text = policies.text_of(version, signed.language)
        pdf = await asyncio.to_thread(draw, signed, text, settings().operator)
        try:
            await policies.keep_file(organisation_id, agreement_id, pdf)
        except StoreUnavailable:
            raise TemporaryFailure(Problem("document_failed")) from None

    async def put_off(self, payload: Payload, failure: TemporaryFailure) -> None:
        """The page says that the document is being made."""

    async def give_up(self, payload: Payload, problem: Problem) -> None:
        """The same; the acceptance itself is written down."""
