from __future__ import annotations

import pytest

from domain.privacy.objection import INTERESTS, Interest, State, state_after
from domain.privacy.restriction import (
    EXCEPTION_GROUNDS,
    EXCEPTIONS,
    GROUNDS,
    RULES,
    Answer,
    ExceptionGround,
    Ground,
    Operation,
    exception_for,
)


def test_every_operation_has_its_answer_its_source_and_its_sentence() -> None:
    assert set(RULES) == set(Operation)
    assert all(rule.source and rule.why for rule in RULES.values())
    assert set(GROUNDS) == set(Ground) and set(EXCEPTION_GROUNDS) == set(ExceptionGround)


@pytest.mark.parametrize(
    "operation",
    [Operation.LIST, Operation.SUGGEST, Operation.EXPORT, Operation.EDIT, Operation.DELETE, Operation.RETENTION,
     Operation.PLAN, Operation.QUOTE, Operation.ARCHIVE, Operation.LOOK_UP],
)  # fmt: skip
def test_p32_what_nobody_is_obliged_to_do_is_refused_without_exception(operation: Operation) -> None:
    assert RULES[operation].answer is Answer.NO and exception_for(operation) is None


@pytest.mark.parametrize(
    "operation",
    [Operation.STORE, Operation.OWN_COPY, Operation.HOSTED_PAGE, Operation.PAYMENT, Operation.REPORT],
)
def test_keeping_own_access_and_what_the_accounts_need_go_on(operation: Operation) -> None:
    assert RULES[operation].answer is Answer.YES


def test_p34_exceptions_are_for_what_the_law_may_ask() -> None:
    assert {operation for operation in Operation if exception_for(operation) is operation} == set(EXCEPTIONS)
    assert exception_for(Operation.DRAFT) is Operation.INVOICE


def test_p36_p37_improvement_is_absolute_and_security_is_weighed() -> None:
    assert {one: state_after(one) for one in INTERESTS} == {
        Interest.IMPROVEMENT: State.UPHELD,
        Interest.NEWS: State.UPHELD,
        Interest.SECURITY: State.ASSESSING,
        Interest.FRAUD: State.ASSESSING,
    }
