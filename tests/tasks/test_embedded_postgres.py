"""The embedded PostgreSQL, really started, killed and started again."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import tempfile
from pathlib import Path

import asyncpg
import pytest

from tasks.embedded_postgres import EmbeddedPostgres
from tests.tasks.people import ORDINARY, is_root
from tests.tasks.processes import Program, alive, ask, eventually


def hold(folder: Path, *arguments: str, ordinary: bool = False) -> Program:
    return Program("hold_postgres", str(folder), *arguments, lines=2, ordinary=ordinary)


def refusal(folder: Path, *, ordinary: bool = False) -> str:
    """What is said when the start in `folder` is refused."""
    return Program("hold_postgres", str(folder), lines=0, ordinary=ordinary).finish()


async def test_a_new_server_keeps_text_and_time_as_we_mean_them(place: Path) -> None:
    with hold(place / "data") as server:
        owner, app = server.said
        assert await ask(owner, "select current_user::text") == "smartfaktura_owner"
        assert await ask(app, "select current_user::text") == "smartfaktura_app"
        assert await ask(app, "show timezone") == "UTC"
        assert await ask(app, "show server_encoding") == "UTF8"
        assert await ask(app, "select lower('BLÅBÆRØL')") == "blåbærøl"
        assert await ask(app, "show fsync") == "on"
        assert await ask(app, "show listen_addresses") == ""


async def test_the_app_role_owns_nothing_and_may_not_look_past_the_walls(folder: Path) -> None:
    with hold(folder) as server:
        flags = "rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication"
        query = f"select {flags} from pg_roles where rolname = 'smartfaktura_app'"
        assert await ask(server.said[1], query) is False
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(server.said[1], "create table mine (id int)")


async def test_stopping_keeps_the_data_and_leaves_no_process_and_no_socket(folder: Path) -> None:
    with hold(folder) as server:
        await ask(server.said[0], "create table kept (id int)", "insert into kept values (7)")
        assert alive(server.family)
    assert not alive(server.family)
    assert not list(EmbeddedPostgres(folder).sockets.glob(".s.*"))
    with hold(folder) as server:
        assert await ask(server.said[0], "select id from kept") == 7


async def test_when_we_are_killed_the_server_ends_too_and_starts_again(folder: Path) -> None:
    server = hold(folder)
    await ask(server.said[0], "create table kept (id int)", "insert into kept values (7)")
    server.kill()
    eventually(lambda: not alive(server.family))
    with hold(folder) as again:
        assert await ask(again.said[0], "select id from kept") == 7


async def test_a_killed_server_starts_again_with_all_that_was_committed(folder: Path) -> None:
    with hold(folder) as server:
        await ask(server.said[0], "create table kept (id int)", "insert into kept values (7)")
        os.kill(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    with hold(folder) as again:
        assert await ask(again.said[0], "select id from kept") == 7


async def test_an_orphaned_server_is_stopped_in_good_order_before_the_next_start(folder: Path) -> None:
    orphaned = hold(folder, "orphan")
    connection = await asyncpg.connect(orphaned.said[0])
    orphaned.kill()
    assert alive(orphaned.family)
    with hold(folder) as again:
        assert not alive(orphaned.family)
        assert await ask(again.said[0], "select 1") == 1
    assert "database system is shut down" in (folder / "postgres.log").read_text()
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await connection.execute("select 1")


async def test_a_pid_file_that_names_another_living_process_is_no_obstacle(folder: Path) -> None:
    owner = (folder / "postgres").stat().st_uid
    sleeper = subprocess.Popen(["sleep", "60"], user=owner if is_root else None)
    lines = [
        str(sleeper.pid),
        str(folder / "postgres"),
        "1",
        "5432",
        str(folder / "postgres-socket"),
        "",
        "",
        "ready",
    ]
    (folder / "postgres" / "postmaster.pid").write_text("\n".join(lines))
    with hold(folder) as server:
        assert await ask(server.said[0], "select 1") == 1
    assert sleeper.poll() is None
    sleeper.kill()
    sleeper.wait()


async def test_a_cluster_that_was_only_half_made_is_made_again(place: Path) -> None:
    for name in ("postgres.unfinished", "postgres"):
        (place / name / "base").mkdir(parents=True)
    with hold(place) as server:
        assert await ask(server.said[1], "select 1") == 1


@pytest.mark.parametrize("name", ["x" * 120, "med æøå", "a,b", 'it\'s 50% "off"'])
async def test_a_path_that_no_socket_may_have_gets_a_private_folder_elsewhere(folder: Path, name: str) -> None:
    moved = folder.rename(folder.with_name(name))
    sockets = EmbeddedPostgres(moved).sockets
    assert sockets.parent == Path(tempfile.gettempdir()).resolve()
    with hold(moved) as server:
        assert sockets.stat().st_mode & 0o777 == 0o700
        assert await ask(server.said[1], "select 1") == 1
    assert not sockets.exists()


async def test_a_socket_folder_that_somebody_else_made_is_refused(folder: Path) -> None:
    moved = folder.rename(folder.with_name("x" * 120))
    sockets = EmbeddedPostgres(moved).sockets
    sockets.mkdir()
    sockets.chmod(0o777)
    assert "was made by somebody else" in refusal(moved)
    sockets.rmdir()


async def test_an_ordinary_user_can_run_it(elsewhere: Path) -> None:
    with hold(elsewhere / "data", ordinary=True) as server:
        assert await ask(server.said[1], "select 1") == 1
        owner = (elsewhere / "data" / "postgres").stat().st_uid
        assert owner == (pwd.getpwnam(ORDINARY).pw_uid if is_root else os.geteuid())


@pytest.mark.skipif(not is_root, reason="only root runs the server as another user")
async def test_root_continues_what_an_ordinary_user_began(elsewhere: Path) -> None:
    with hold(elsewhere / "data", ordinary=True):
        pass
    with hold(elsewhere / "data") as server:
        assert await ask(server.said[1], "select 1") == 1
    with hold(elsewhere / "data", ordinary=True) as server:
        assert await ask(server.said[1], "select 1") == 1


@pytest.mark.skipif(not is_root, reason="only root can meet the folder of another user")
async def test_the_folder_of_another_user_is_refused_with_a_sentence(elsewhere: Path, folder: Path) -> None:
    moved = elsewhere / "data"
    folder.rename(moved)
    moved.chmod(0o777)
    assert "belongs to another user" in refusal(moved, ordinary=True)


@pytest.mark.skipif(not is_root, reason="only root opens folders for the database user")
async def test_a_closed_folder_is_opened_to_the_database_user_alone(folder: Path) -> None:
    closed = folder.parent
    closed.chmod(0o700)
    with hold(folder) as server:
        assert await ask(server.said[1], "select 1") == 1
    assert closed.stat().st_mode & 0o007 == 0
    look = ["setpriv", f"--reuid={ORDINARY}", "--regid=nogroup", "--clear-groups", "test", "-x", str(closed)]
    assert subprocess.run(look, check=False).returncode != 0


async def test_test_processes_share_one_server_that_ends_with_the_last_of_them(place: Path) -> None:
    first = Program("join_test_server", str(place), lines=1)
    second = Program("join_test_server", str(place), lines=1)
    await ask(first.said[0], "create database test_left_behind")
    first.kill()
    assert await ask(second.said[0], "show fsync") == "off"
    second.finish()
    eventually(lambda: not EmbeddedPostgres(place).processes())
    with Program("join_test_server", str(place), lines=1) as third:
        left = await ask(third.said[0], "select count(*) from pg_database where datname like 'test%'")
        assert left == 0


async def test_the_test_server_comes_back_after_its_keeper_was_killed(place: Path) -> None:
    first = Program("join_test_server", str(place), lines=1)
    keeper = eventually(lambda: _keepers(place))
    os.kill(keeper[0], signal.SIGKILL)
    eventually(lambda: not EmbeddedPostgres(place).processes())
    with Program("join_test_server", str(place), lines=1) as second:
        assert await ask(second.said[0], "select 1") == 1
    first.finish()


def _keepers(folder: Path) -> list[int]:
    from tasks.children import running

    return running(f"tasks.shared_postgres {folder}")
