"""From an exception to a page: what went wrong in the reader's words, a reference, and never a stack (S-54)."""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import TemplateNotFound
from litestar.enums import MediaType
from litestar.exceptions import HTTPException
from litestar.response import Response
from litestar.types import ExceptionHandlersMap

from actions.documents import NotReady
from actions.files import StoreUnavailable
from actions.limits import LimitReached
from actions.logs import log
from actions.outcomes import Locked, NotFound, SessionOver, Stale
from domain.refusal_texts import sentence
from domain.refusals import Refused
from models.database_away import is_database_away
from models.unit_of_work import CommitFailed
from routes.actor import actor_of
from routes.bare_page import BESIDE_THE_FORM, RETRY_SECONDS, SENTENCES, bare_page, reference_of
from routes.flash import Flash
from routes.guards import CompanyNeeded, Leaving, SignInNeeded
from routes.i18n import language_of, translator
from routes.locked import locked
from routes.pages import Answer, AnyRequest, fragments, page, see_other, wants_fragment
from routes.public_page import public_page
from routes.sign_in import sign_in_again

SIGN_IN = "/login"
NEW_COMPANY = "/companies/new"
LEAVING = "/account/deletion"
IN_ITS_PLACE = {"HX-Retarget": "#main", "HX-Reswap": "innerHTML"}


def error_page(request: AnyRequest, status: int, headers: Mapping[str, str] | None = None) -> Answer:
    """The page for `status`; for htmx a fragment, or beside a form that was sent, only the sentence."""
    try:
        answer = _sentence(request, status) if _keeps_the_form(request, status) else _page(request, status)
    except Exception as error:
        log.error("error_page_failed", status=status, exc_info=error)
        answer = Response(bare_page(request.scope, status), status_code=status, media_type=MediaType.HTML)
    answer.headers.update(headers or {})
    return answer


def _keeps_the_form(request: AnyRequest, status: int) -> bool:
    return request.method not in ("GET", "HEAD") and wants_fragment(request.headers) and status in SENTENCES


def _sentence(request: AnyRequest, status: int) -> Answer:
    text = translator(language_of(request)).gettext(SENTENCES[status])
    answer = fragments(request, "shared/_flash.html", status=status, flash=Flash("problem", text))
    answer.headers.update(BESIDE_THE_FORM)
    return answer


def _page(request: AnyRequest, status: int) -> Answer:
    headers = IN_ITS_PLACE if wants_fragment(request.headers) else {}
    in_frame = public_page if actor_of(request) is None else page
    try:
        answer = in_frame(request, f"errors/{status}.html", status=status, reference=reference_of(request.scope))
    except TemplateNotFound:
        answer = in_frame(request, "errors/400.html", status=status)
    answer.headers.update(headers)
    return answer


def http_error(request: AnyRequest, error: HTTPException) -> Answer:
    """What Litestar or a guard refused."""
    status = error.status_code
    if status >= 500:
        return unexpected(request, error)
    # Litestar's form parser says 400 for too many parts.
    if status == 400 and error.detail == "Request Entity Too Large":
        status = 413
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    told = {name.title(): headers[name] for name in ("allow", "retry-after") if name in headers}
    if "Allow" in told:
        told["Allow"] = _methods(told["Allow"])
    return error_page(request, status, told)


def _methods(allowed: str) -> str:
    """Always in one order, and with HEAD, which routes.middleware.head answers wherever there is a GET."""
    methods = {method.strip() for method in allowed.split(",")}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def not_found(request: AnyRequest, error: Exception) -> Answer:
    """Not there, or somebody else's: the same answer."""
    return error_page(request, 404)


def stale(request: AnyRequest, error: Exception) -> Answer:
    """Changed in another window; nothing was overwritten."""
    return error_page(request, 409)


def refused(request: AnyRequest, error: Exception) -> Answer:
    """A refusal that its route did not show beside a field: the page says it in its words."""
    try:
        assert isinstance(error, Refused)
        return _refused(request, error)
    except Exception as failure:
        log.error("error_page_failed", status=422, exc_info=failure)
        return error_page(request, 422)


def _refused(request: AnyRequest, error: Refused) -> Answer:
    language = language_of(request)
    if request.method not in ("GET", "HEAD") and wants_fragment(request.headers):
        text = " ".join(sentence(refusal, translator(language).gettext) for refusal in error.refusals)
        answer = fragments(request, "shared/_flash.html", status=422, flash=Flash("problem", text))
        answer.headers.update(BESIDE_THE_FORM)
        return answer
    in_frame = public_page if actor_of(request) is None else page
    answer = in_frame(request, "errors/422.html", status=422, refusals=error.refusals)
    answer.headers.update(IN_ITS_PLACE if wants_fragment(request.headers) else {})
    return answer


def sign_in_needed(request: AnyRequest, error: SignInNeeded) -> Answer:
    """To the sign-in page, and from there back to where the visitor wanted to go. A form that htmx sent stays open."""
    if request.method not in ("GET", "HEAD") and request.headers.get("hx-request") == "true":
        return sign_in_again(request)
    return see_other(request, f"{SIGN_IN}?next={error.back}" if error.back else SIGN_IN)


def session_over(request: AnyRequest, error: SessionOver) -> Answer:
    """The session got another id while this waited. The sign-in page lets those pass whose browser has the new one."""
    return sign_in_needed(request, SignInNeeded(""))


def company_needed(request: AnyRequest, error: CompanyNeeded) -> Answer:
    """Signed in, but there is no company to act for yet."""
    return see_other(request, NEW_COMPANY)


def leaving(request: AnyRequest, error: Leaving) -> Answer:
    """Deleted in some days: until then the account can only be kept after all, or its data be taken along."""
    return see_other(request, LEAVING)


def limit_reached(request: AnyRequest, error: LimitReached) -> Answer:
    """Too many tries: when the next one is welcome."""
    return error_page(request, 429, {"Retry-After": str(error.seconds)})


def not_ready(request: AnyRequest, error: Exception) -> Answer:
    """A document not made yet, or a file store that does not answer: asked for again in a moment, it will be there."""
    return error_page(request, 503, {"Retry-After": str(RETRY_SECONDS)})


def unexpected(request: AnyRequest, error: Exception) -> Answer:
    """Everything else. A failed COMMIT ends here too: it is an error page, never "saved" (T-06)."""
    if is_database_away(error):
        log.warning("database_away", exc_info=error)
        return error_page(request, 503, {"Retry-After": str(RETRY_SECONDS)})
    log.error("request_failed", exc_info=error)
    return error_page(request, 500)


HANDLERS: ExceptionHandlersMap = {
    HTTPException: http_error,
    NotFound: not_found,
    Stale: stale,
    Locked: locked,
    Refused: refused,
    SignInNeeded: sign_in_needed,
    SessionOver: session_over,
    CompanyNeeded: company_needed,
    Leaving: leaving,
    LimitReached: limit_reached,
    NotReady: not_ready,
    StoreUnavailable: not_ready,
    CommitFailed: unexpected,
    Exception: unexpected,
}
