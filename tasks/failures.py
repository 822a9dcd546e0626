"""The two ways a job fails: worth another try, or not."""

from __future__ import annotations

from domain.delivery import Problem


class TemporaryFailure(Exception):
    """It may work later: the server is away, or asked us to come back. `may_have_arrived`: it fell silent at a moment
    when it may have taken the message."""

    def __init__(self, problem: Problem, *, may_have_arrived: bool = False) -> None:
        super().__init__(problem.code)  # never what the server said: it may name the recipient
        self.problem = problem
        self.may_have_arrived = may_have_arrived


class FinalFailure(Exception):
    """It will never work as it is: somebody has to change something first."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem
