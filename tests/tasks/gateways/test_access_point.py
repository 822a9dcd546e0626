from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from domain.settings import Settings
from tasks.failures import FinalFailure, TemporaryFailure
from tasks.gateways.access_point import Fate, RestAccessPoint, open_access_point
from tests.tasks.access_point_server import KEY, Fake, access_point


@pytest.fixture
def fake() -> Iterator[Fake]:
    with access_point() as one:
        yield one


async def test_a_document_is_accepted_with_its_recipient_and_the_same_key_once(fake: Fake) -> None:
    ours = RestAccessPoint(fake.base, KEY)
    for _ in range(2):
        assert await ours.submit("k1", "0192:974760673", b"<Invoice/>") == "ap-k1"
    assert fake.accepted == {"k1": ("0192:974760673", b"<Invoice/>")}


async def test_an_answer_that_is_lost_after_acceptance_is_tried_again_and_sent_once(fake: Fake) -> None:
    ours = RestAccessPoint(fake.base, KEY)
    fake.lost = 1
    with pytest.raises(TemporaryFailure) as failure:
        await ours.submit("k1", "0192:974760673", b"<Invoice/>")
    assert failure.value.may_have_arrived
    assert await ours.submit("k1", "0192:974760673", b"<Invoice/>") == "ap-k1"
    assert (fake.submissions, len(fake.accepted)) == (2, 1)


@pytest.mark.parametrize(
    ("says", "error", "code"),
    [
        ((422, {"reason": "unknown\nreceiver"}), FinalFailure, "network_refused: 422 unknown receiver"),
        ((400, b"not json"), FinalFailure, "network_refused: 400"),
        ((413, {}), FinalFailure, "network_refused: 413"),
        ((429, {}), TemporaryFailure, "network_unreachable: 429"),
        ((503, {"reason": "busy"}), TemporaryFailure, "network_unreachable: 503 busy"),
        ((302, {}), TemporaryFailure, "network_unreachable: 302"),
        ((200, {}), TemporaryFailure, "network_unreachable: no id"),
        ((202, b"x" * 100_000), TemporaryFailure, "network_unreachable: no id"),
        ((202, b"[" * 50_000), TemporaryFailure, "network_unreachable: no id"),
        ((202, {"id": "ap\0-1"}), TemporaryFailure, "network_unreachable: no id"),
        ((202, {"id": "1" * 201}), TemporaryFailure, "network_unreachable: no id"),
        ((422, [1, 2]), FinalFailure, "network_refused: 422"),
    ],
)
async def test_each_answer_is_for_ever_or_worth_another_try(
    fake: Fake, says: tuple[int, Any], error: type[Exception], code: str
) -> None:
    fake.says = says
    found: FinalFailure | TemporaryFailure | None = None
    try:
        await RestAccessPoint(fake.base, KEY).submit("k", "0192:1", b"<Invoice/>")
    except (FinalFailure, TemporaryFailure) as failure:
        found = failure
    assert found is not None
    assert (type(found), str(found.problem)) == (error, code)


async def test_a_wrong_key_and_a_dead_server_are_tried_again(fake: Fake) -> None:
    with pytest.raises(TemporaryFailure) as failure:
        await RestAccessPoint(fake.base, "feil").submit("k", "0192:1", b"<Invoice/>")
    assert failure.value.problem.code == "network_sign_in"
    with pytest.raises(TemporaryFailure):
        await RestAccessPoint("http://127.0.0.1:9", KEY).submit("k", "0192:1", b"<Invoice/>")


async def test_one_that_never_answers_is_left_and_asked_again_with_the_same_key(fake: Fake) -> None:
    fake.is_slow = True
    with pytest.raises(TemporaryFailure) as failure:
        await RestAccessPoint(fake.base, KEY, patience=0.3).submit("k1", "0192:1", b"<Invoice/>")
    assert failure.value.may_have_arrived
    fake.hurry.set()
    assert await RestAccessPoint(fake.base, KEY).submit("k1", "0192:1", b"<Invoice/>") == "ap-k1"
    assert len(fake.accepted) == 1


async def test_the_fate_of_a_document_is_asked_by_its_name(fake: Fake) -> None:
    ours = RestAccessPoint(fake.base, KEY)
    assert await ours.fate("ap-1") == Fate("pending")
    fake.fates["ap-1"] = {"state": "delivered"}
    assert await ours.fate("ap-1") == Fate("delivered")
    fake.fates["ap-1"] = {"state": "refused", "reason": "no such\r\nreceiver"}
    assert await ours.fate("ap-1") == Fate("refused", "no such receiver")
    fake.fates["ap-1"] = {"state": "something new"}
    assert await ours.fate("ap-1") == Fate("pending")


def test_without_an_address_there_is_no_access_point(settings: Settings) -> None:
    assert open_access_point(settings) is None
