"""Reading and accepting: which version of the policy and terms a person has seen, and which agreement a company signed.

To confirm that one has read something is not consent, and nothing of the app waits for it.
"""

from __future__ import annotations

from uuid import UUID

from actions import files
from actions.clock import now
from actions.instance import settings
from actions.outcomes import NotFound
from domain.policy import FOR_PEOPLE, SHELVES, unread
from domain.policy.document import Text, Version
from models.ids import new_id
from models.queries.agreements import SignedAgreement, agreement_in, agreement_of
from models.unit_of_work import Work, unit_of_work

JOB = "make_agreement"


def text_of(version: Version, language: str) -> Text:
    """The text as it is shown here: in the language, signed by whoever runs this installation."""
    return version.text(language).signed_by(settings().operator)


async def note_sign_up(work: Work, person_id: UUID, language: str) -> None:
    """Who makes an account accepts the terms in force and has the privacy policy in force before them."""
    for name in FOR_PEOPLE:
        version = SHELVES[name].in_force(now().date())
        await _note(work, person_id, name, version, "accepted" if name == "terms" else "read", language)


async def acknowledge(person_id: UUID, read_until: str, language: str) -> None:
    """The person has read the material changes up to the version `read_until`, a date such as 2027-03-01.

    Only what was shown counts: a version published meanwhile stays unread. Nothing for a date that names none.
    """
    async with unit_of_work(None, person_id) as work:
        before = await work.connection.fetchval(_READ_UNTIL, person_id)
        seen = [(shelf, version) for shelf, version in unread(before) if version.name <= read_until]
        for shelf, version in seen:
            await _note(work, person_id, shelf.name, version, "read", language)
        if seen:
            newest = max(version.effective_from for _, version in seen)
            await work.connection.execute(
                "update person set policies_read_until = $2 where id = $1", person_id, newest
            )


async def sign(organisation_id: UUID, person_id: UUID, name: str, version_name: str, language: str) -> None:
    """Accept a version of the data-processing agreement for the company. Signing twice is signing once.

    Raises NotFound for a version that does not exist. Its PDF is made by a job.
    """
    version = SHELVES["agreement"].version(version_name)
    if version is None:
        raise NotFound
    text = text_of(version, language)
    agreement_id = new_id()
    async with unit_of_work(organisation_id, person_id) as work:
        fingerprint = bytes.fromhex(text.fingerprint())
        signed = await work.connection.fetchval(
            _SIGN, organisation_id, agreement_id, version.name, text.language, fingerprint, person_id, name, now()
        )
        if signed:
            work.audit("agreement.signed", "agreement", agreement_id)
            work.enqueue(JOB, {"organisation_id": str(organisation_id), "agreement_id": str(agreement_id)})


async def keep_file(organisation_id: UUID, agreement_id: UUID, pdf: bytes) -> None:
    """Store the drawn agreement and name it in its row, unless another worker was faster."""
    sha256 = await files.put(organisation_id, pdf)
    async with unit_of_work(organisation_id) as work:
        await work.connection.execute(_KEEP, organisation_id, agreement_id, sha256)


async def signed(organisation_id: UUID, version: str) -> SignedAgreement | None:
    """The company's acceptance of this version, or None."""
    return await agreement_of(organisation_id, version)


async def to_draw(organisation_id: UUID, agreement_id: UUID) -> SignedAgreement | None:
    """The agreement whose file is still missing."""
    async with unit_of_work(organisation_id) as work:
        found = await agreement_in(work, agreement_id)
    return found if found is not None and found.sha256 is None else None


async def _note(work: Work, person_id: UUID, document: str, version: Version, kind: str, language: str) -> None:
    text = text_of(version, language)
    await work.connection.execute(
        _NOTE,
        new_id(),
        person_id,
        document,
        version.name,
        kind,
        text.language,
        bytes.fromhex(text.fingerprint()),
        now(),
    )


_READ_UNTIL = "select coalesce(policies_read_until, created_at::date) from person where id = $1 for update"
_NOTE = """
insert into acknowledgement (id, person_id, document, version, kind, language, fingerprint, at)
values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (person_id, document, version) do nothing
"""
_SIGN = """
insert into agreement (organisation_id, id, version, language, fingerprint, company, organisation_number, signed_by,
                       signer, signed_at)
select $1, $2, $3, $4, $5, name, organisation_number, $6, $7, $8 from organisation where id = $1
on conflict (organisation_id, version) do nothing returning true
"""
_KEEP = "update agreement set sha256 = $3 where organisation_id = $1 and id = $2 and sha256 is null"
