from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.domain.einvoice.judge import Judge


@pytest.fixture(scope="package")
def judge() -> Iterator[Judge]:
    judge = Judge()
    yield judge
    judge.close()
