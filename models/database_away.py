"""Is the database away, or is it a fault of ours? Away, the same request may well succeed in a moment."""

from __future__ import annotations

import asyncpg

# Away, starting, full, or busy beyond models.engine.LIMITS.
_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.OperatorInterventionError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    # The server has said that it ends the connection, and the end itself is still on its way.
    asyncpg.InternalClientError,
    ConnectionError,
)


def is_database_away(error: BaseException) -> bool:
    """Is it the database that can not be reached, rather than a fault of ours?"""
    if isinstance(error, _AWAY):
        return True
    if isinstance(error, asyncpg.InterfaceError):
        # The same class also tells of misuse, such as two queries at once, which is a fault. A connection that is lost
        # between two statements goes back to the pool by itself.
        return "clos" in str(error) or "released back to the pool" in str(error)
    # A socket that is gone, or a connection that takes too long, as asyncpg hands them on.
    return isinstance(error, OSError | TimeoutError) and _comes_from_asyncpg(error)


def _comes_from_asyncpg(error: BaseException) -> bool:
    place = error.__traceback__
    while place is not None:
        if "/asyncpg/" in place.tb_frame.f_code.co_filename:
            return True
        place = place.tb_next
    return False
