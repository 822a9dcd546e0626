"""Is it certain who asks? A password given in the last minutes counts; else it is asked for again (ASVS 7.5.1)."""

from __future__ import annotations

from actions import profile
from actions.clock import now
from actions.data_exports import FRESH
from actions.limits import Wait
from actions.sessions import Started
from routes.account import refuse_password
from routes.actor import Actor, actor_of
from routes.forms.base import Form, FormData
from routes.middleware.session import keep
from routes.pages import Answer, AnyRequest


def person(request: AnyRequest) -> Actor:
    """Who is signed in. Only for handlers behind a guard that says so."""
    actor = actor_of(request)
    assert actor is not None, "behind a guard of signed-in people"
    return actor


def is_fresh(actor: Actor) -> bool:
    return actor.authenticated_at >= now() - FRESH


async def proven(actor: Actor, data: FormData, form: Form) -> tuple[Started | None, int]:
    """The session under its new id when the password was asked for and right, and the status of the answer: 200, or
    why it was not taken, which stands beside the field."""
    if is_fresh(actor):
        return None, 200
    done = await profile.prove(actor.person_id, actor.session_hash, data.get("password"))
    if isinstance(done, Started):
        return done, 200
    refuse_password(form, "password", done)
    return None, 429 if isinstance(done, Wait) else 422


def kept(answer: Answer, renewed: Started | None) -> Answer:
    """The answer, with the session's new id if it has one."""
    if renewed is not None:
        keep(answer, renewed)
    return answer
