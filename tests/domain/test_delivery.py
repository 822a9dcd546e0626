from __future__ import annotations

import pytest

from domain.delivery import CODES, Problem, one_line


@pytest.mark.parametrize("code", CODES)
def test_a_problem_is_read_back_as_it_was_written(code: str) -> None:
    for problem in (Problem(code), Problem(code, "550 5.1.1 No such user: here")):
        assert Problem.parse(str(problem)) == problem


def test_a_problem_of_another_version_is_still_told() -> None:
    assert Problem.parse("moon_eclipsed: 599 dark") == Problem("unexpected", "moon_eclipsed: 599 dark")


def test_what_a_server_says_is_one_line_of_bounded_length() -> None:
    assert one_line("550-5.1.1 No such\r\n550 user\x1b[31m here\0") == "550-5.1.1 No such 550 user [31m here"
    assert len(one_line("x" * 5000)) == 200
    assert len(str(Problem("address_refused", "x" * 5000))) == 300
