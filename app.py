"""The web app, put together: settings, routes, errors, middleware, life span."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from litestar import Litestar
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp

from actions import einvoice_opinions, erasure_ledger, files, inbox, instance, lookups, printing, visits
from domain.settings import Settings, from_env
from models.engine import close_pool, open_pool
from routes import ROUTES
from routes.errors import HANDLERS
from routes.guards import public
from routes.middleware import wrap
from routes.middleware.choices import Choices
from routes.middleware.csrf import check_token
from routes.middleware.session import Sessions
from routes.request import ForgetfulRequest
from routes.warming import warming_up
from tasks.gateways import pdf_coverage
from tasks.gateways.brreg import Brreg
from tasks.gateways.document_reader import DocumentReader
from tasks.gateways.vies import Vies
from tasks.judge import open_judge

ROOT = Path(__file__).parent


def build(settings: Settings) -> ASGIApp:
    """The whole app for these settings, ready to be served."""
    instance.begin(settings)
    files.open_store(settings)
    printing.use(pdf_coverage.coverages)
    lookups.use(Brreg(settings.registers.brreg_url), Vies(settings.registers.vies_url))
    inbox.use(DocumentReader())
    app: ASGIApp = _litestar(settings)
    return wrap(Sessions(Choices(app, settings) if settings.has_optional else app, settings), settings)


def _litestar(settings: Settings) -> Litestar:
    static = create_static_files_router("/static", [ROOT / "static"], include_in_schema=False, guards=[public])
    return Litestar(
        route_handlers=[*ROUTES, static],
        exception_handlers=HANDLERS,
        before_request=check_token,
        request_class=ForgetfulRequest,
        lifespan=[_life(settings)],
        openapi_config=None,
        request_max_body_size=6 * 1024 * 1024,
        multipart_form_part_limit=2000,
        debug=False,
        logging_config=None,
    )


def _life(settings: Settings):  # type: ignore[no-untyped-def]  # Litestar's own type is not exported
    @asynccontextmanager
    async def life(app: Litestar) -> AsyncIterator[None]:
        await open_pool(settings.database_url or "postgresql:///smartfaktura")
        try:
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(erasure_ledger.watching())
                if settings.has_optional:
                    await stack.enter_async_context(visits.counting())
                await stack.enter_async_context(warming_up())
                einvoice_opinions.use(await stack.enter_async_context(open_judge(settings)))
                yield
        finally:
            einvoice_opinions.use(None)
            await close_pool()

    return life


def __getattr__(name: str) -> ASGIApp:
    """`uvicorn app:app` builds the app from the environment; importing this module for a test builds nothing."""
    if name == "app":
        return build(from_env(os.environ, ROOT))
    raise AttributeError(name)
