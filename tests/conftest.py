"""A migrated database for each test process, and the app in front of it.

Nothing is rolled back and nothing is faked: each test makes its own people and companies, and the walls between
companies keep the tests apart just as they keep tenants apart.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings as hypothesis_settings

from domain.settings import Settings, from_env
from tests.databases import fresh_database
from tests.examples import is_thorough

if TYPE_CHECKING:  # what only some tests need is not loaded for those of the domain
    import asyncpg
    import httpx

    from tests.world import World

ROOT = Path(__file__).resolve().parent.parent
# Who runs the installation that is tested (tests.world.World.operator).
OPERATOR = "drift@operator.example"


# Before any test module is read, so that the counts in it know which profile it is.
def pytest_configure(config: pytest.Config) -> None:
    hypothesis_settings.load_profile(config.getoption("hypothesis_profile", None) or "quick")
    gc.disable()  # what is loaded now stays: to look through it again and again costs a tenth of the domain's tests


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_runtest_setup() -> None:
    making = sys.modules.get("tests.actions.making")
    if making is not None:
        making.turn_the_page()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A quick run of tests/domain leaves out what asks the rules of EN 16931, which take seconds to be read."""
    if is_thorough() or any("einvoice" in str(argument) for argument in config.args):
        return
    domain = ROOT / "tests" / "domain"
    slow = [item for item in items if domain in item.path.parents and "judge" in getattr(item, "fixturenames", ())]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


@pytest.fixture(scope="session")
def database() -> Iterator[tuple[str, str]]:
    """(owner's address, app's address) of a fresh, migrated database."""
    with fresh_database() as urls:
        yield urls


@pytest.fixture(scope="session")
def settings(database: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    owner_url, app_url = database
    return from_env(
        {
            "SMARTFAKTURA_DATA_DIR": str(tmp_path_factory.mktemp("data")),
            "SMARTFAKTURA_DATABASE_URL": app_url,
            "SMARTFAKTURA_MIGRATION_DATABASE_URL": owner_url,
            # No test asks a real register: those about them bring one of their own.
            "SMARTFAKTURA_BRREG_URL": "off",
            "SMARTFAKTURA_VIES_URL": "off",
            "SMARTFAKTURA_OPERATORS": OPERATOR,
        },
        ROOT,
    )


@pytest.fixture(scope="session")
async def pool(settings: Settings) -> AsyncIterator[None]:
    """The app's own connection pool, for tests of actions and models."""
    from actions import inbox, instance, printing
    from models import engine
    from tasks.gateways import pdf_coverage
    from tasks.gateways.document_reader import DocumentReader

    instance.begin(settings)
    printing.use(pdf_coverage.coverages)
    inbox.use(DocumentReader())
    engine.observers.append(_statements.append)
    engine.close_soon = engine.close_now  # so that each statement is counted where it belongs
    await engine.open_pool(settings.database_url or "")
    yield
    await engine.close_pool()


@pytest.fixture(scope="session")
async def app(settings: Settings, pool: None) -> Any:
    """The whole app, middleware included, in the test's own event loop."""
    from app import build

    return build(settings)


@pytest.fixture
async def client(app: Any, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A visitor's browser: cookies are kept, redirects are not followed."""
    async with new_client(app, settings) as one:
        yield one


def new_client(app: Any, settings: Settings) -> httpx.AsyncClient:
    import httpx

    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, client=("127.0.0.1", 50000)),
        base_url=settings.public_url,
        headers={"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"},
    )


@pytest.fixture
async def world(app: Any, settings: Settings) -> AsyncIterator[World]:
    """Makes people, companies, customers and invoices for one test."""
    from tests.world import World

    made = World(app, settings)
    yield made
    await made.close()


@pytest.fixture(scope="session")
async def owner(database: tuple[str, str]) -> AsyncIterator[asyncpg.Connection]:
    """The database's owner, who sees everything: for looking behind the walls."""
    import asyncpg

    connection = await asyncpg.connect(database[0])
    yield connection
    await connection.close()


_statements: list[str] = []


@pytest.fixture
def statements() -> list[str]:
    """Every statement the app sent since the test began (or since the test cleared the list)."""
    _statements.clear()
    return _statements
