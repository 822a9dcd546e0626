"""The validator of e-invoices as the app wants it: started when first needed, and its findings in our words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

import structlog

from domain.einvoice.findings import Verdict, foreign_finding
from domain.settings import Settings
from tasks.gateways.einvoice_validator import Checked, Outcome, RefusedXml, Unavailable, Validator

log = structlog.get_logger("einvoice")


class Checker(Protocol):
    """Validator, or what stands in its place in tests."""

    async def start(self) -> Unavailable | None: ...

    async def check(self, xml: bytes) -> Outcome: ...


class ValidatorJudge:
    """Implements actions.einvoice_opinions.Judge."""

    def __init__(self, validator: Checker) -> None:
        self._validator = validator
        self._warming: asyncio.Task[Unavailable | None] | None = None

    def warm(self) -> None:
        """Start the process beside other work, when it is not on its way already; it takes a second or two."""
        if self._warming is None or (self._warming.done() and self._warming.result() is not None):
            self._warming = asyncio.create_task(self._validator.start())
            self._warming.add_done_callback(_say_how)

    async def judge(self, xml: bytes) -> Verdict:
        outcome = await self._validator.check(xml)
        if isinstance(outcome, Unavailable):
            _say(outcome)
            return Verdict(unjudged=outcome.code)
        return verdict_of(outcome)

    async def cool(self) -> None:
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.gather(self._warming, return_exceptions=True)


def _say_how(warming: asyncio.Task[Unavailable | None]) -> None:
    if not warming.cancelled() and (failed := warming.result()) is not None:
        _say(failed)


def _say(failed: Unavailable) -> None:
    """An administrator reads why no e-invoice can be made: with rules of their own, in which file."""
    log.error("einvoice_rules_can_not_be_asked", kind=f"{failed.code} {failed.detail}".strip())


def verdict_of(outcome: Checked | RefusedXml) -> Verdict:
    """The findings in our words, each rule once: one fault on ten lines is one sentence."""
    if isinstance(outcome, RefusedXml):
        return Verdict((foreign_finding(outcome.code, is_fatal=True),))
    findings = {broken.rule: foreign_finding(broken.rule, broken.is_fatal, broken.text) for broken in outcome.broken}
    return Verdict(tuple(findings.values()))


@asynccontextmanager
async def open_judge(settings: Settings) -> AsyncIterator[ValidatorJudge]:
    """The validator, until the block ends. Rules that an administrator installed are tried at once, so that the log
    says early when they can not be used."""
    validator = Validator(settings.einvoice_rules)
    judge = ValidatorJudge(validator)
    if settings.einvoice_rules is not None:
        judge.warm()
    try:
        yield judge
    finally:
        await validator.close()
        await judge.cool()
