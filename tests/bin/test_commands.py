"""The commands of `bin/`, run in a small checkout of their own, where nothing needs to be downloaded."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tasks.people import as_ordinary_user, is_root

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = sorted([*(ROOT / "bin").iterdir(), ROOT / ".ci" / "run"])
SUPERVISOR = """\
import os, sys
print("cwd", os.getcwd())
print("arguments", *sys.argv[1:])
print("data", os.environ.get("SMARTFAKTURA_DATA_DIR", "-"))
print("ours", sys.prefix.startswith(os.getcwd()))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout, its path with spaces, after the first `bin/run`."""
    checkout = tmp_path_factory.mktemp("bin") / "my check out"
    (checkout / "tasks").mkdir(parents=True)
    (checkout / "tasks" / "supervisor.py").write_text(SUPERVISOR)
    shutil.copytree(ROOT / "bin", checkout / "bin")
    (checkout / "requirements.txt").write_text("# nothing\n")
    done = call(checkout / "bin" / "run")
    assert "Installing the packages of requirements.txt" in done.stderr
    return checkout


@pytest.fixture
def checkout(installed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(installed, tmp_path / "my check out", symlinks=True))


@pytest.fixture
def tools() -> Iterator[Path]:
    """A folder to use as the only one in PATH: plain tools, no Python, no browser."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    for name in ("cat", "cmp", "cp", "dirname", "id", "mkdir", "rm", "sh"):
        (folder / name).symlink_to(Path(str(shutil.which(name))))
    yield folder
    shutil.rmtree(folder)


def call(command: Path, *arguments: str, cwd: Path = Path("/"), **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(command), *arguments],
        cwd=cwd,
        env=os.environ | env,
        text=True,
        capture_output=True,
        check=False,
        timeout=120,
    )


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_run_starts_the_supervisor_of_its_own_checkout_from_anywhere(checkout: Path) -> None:
    done = call(checkout / "bin" / "run", "--demo")
    assert done.stdout.splitlines() == [f"cwd {checkout}", "arguments --demo", "data -", "ours True"]
    assert done.stderr == ""  # nothing was installed again


def test_dev_is_run_with_reload(checkout: Path) -> None:
    assert "arguments --reload --demo" in call(checkout / "bin" / "dev", "--demo").stdout


def test_a_relative_data_folder_is_meant_where_the_command_was_typed(checkout: Path, tmp_path: Path) -> None:
    done = call(checkout / "bin" / "run", cwd=tmp_path, SMARTFAKTURA_DATA_DIR="my data")
    assert f"data {tmp_path}/my data" in done.stdout


def test_changed_requirements_are_installed(checkout: Path) -> None:
    (checkout / "requirements.txt").write_text("# still nothing\n")
    assert "Installing" in call(checkout / "bin" / "run").stderr
    assert call(checkout / "bin" / "run").stderr == ""


def test_requirements_without_hashes_are_not_installed(checkout: Path) -> None:
    (checkout / "requirements.txt").write_text("six==1.17.0\n")
    done = call(checkout / "bin" / "run")
    assert done.returncode != 0
    assert done.stdout == ""
    assert "hashes" in done.stderr


@pytest.mark.parametrize("damage", ["broken off", "no python", "no pip", "only a folder"])
def test_a_broken_environment_is_made_again(checkout: Path, damage: str) -> None:
    environment = checkout / ".venv"
    if damage == "broken off":
        (environment / "unfinished").touch()
    elif damage == "no python":
        (environment / "bin" / "python").unlink()
    elif damage == "no pip":
        shutil.rmtree(next(environment.glob("lib/*/site-packages")))
        (environment / "installed-requirements.txt").unlink()
    else:
        shutil.rmtree(environment)
        environment.mkdir()
    done = call(checkout / "bin" / "run")
    assert "ours True" in done.stdout
    assert not (environment / "unfinished").exists()


def test_two_commands_at_once_do_not_spoil_each_others_installation(checkout: Path) -> None:
    environment = checkout / ".venv"
    other = subprocess.Popen(["sleep", "2"])
    (environment / "unfinished").write_text(f"{other.pid}\n")
    waiting = subprocess.Popen([str(checkout / "bin" / "venv"), "requirements.txt"], text=True)
    other.wait()
    (environment / "unfinished").unlink()
    assert waiting.wait(60) == 0
    assert (environment / "bin" / "python").exists()


@pytest.mark.parametrize(("version", "words"), [("Python 3.9.2", "found Python 3.9.2."), ("", "found none.")])
def test_a_python_that_is_too_old_is_told(checkout: Path, tools: Path, version: str, words: str) -> None:
    shutil.rmtree(checkout / ".venv")
    if version:
        program(tools, "python3", f'[ "$1" = -V ] && echo "{version}"')
    done = call(checkout / "bin" / "run", PATH=str(tools))
    assert done.returncode == 1
    assert done.stderr == f"SmartFaktura needs Python 3.11 or newer, and {words}\n"
    assert not (checkout / ".venv").exists()


def test_a_python_without_venv_is_told_with_the_package_to_install(checkout: Path, tools: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    program(tools, "python3", 'case "$*" in -V) echo Python 3.12.1 ;; *ensurepip*) exit 1 ;; esac')
    done = call(checkout / "bin" / "run", PATH=str(tools))
    assert done.returncode == 1
    assert "Python 3.12.1 can not make virtual environments" in done.stderr
    assert "python3-venv" in done.stderr


@pytest.mark.skipif(not is_root, reason="only root can make a checkout that belongs to another user")
def test_a_checkout_of_another_user_is_told() -> None:
    with tempfile.TemporaryDirectory() as name:
        checkout = Path(name)
        checkout.chmod(0o755)
        shutil.copytree(ROOT / "bin", checkout / "bin")
        (checkout / "requirements.txt").touch()
        command = as_ordinary_user([str(checkout / "bin" / "run")])
        done = subprocess.run(command, cwd="/", text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (
        1,
        f"This user may not write in {checkout}: use a checkout of your own.\n",
    )


def test_without_a_browser_it_is_said_what_is_skipped_and_why(tools: Path) -> None:
    (tools / "id").unlink()
    program(tools, "id", "echo 1000")
    done = call(ROOT / "bin" / "browser", PATH=str(tools), SMARTFAKTURA_SKIP_NOTHING="")
    assert done.returncode == 0
    assert "are skipped: Chromium is not installed, and only root could install it" in done.stderr
    assert call(ROOT / "bin" / "browser", PATH=str(tools), SMARTFAKTURA_SKIP_NOTHING="1").returncode == 1


def test_root_installs_a_missing_browser(tools: Path) -> None:
    (tools / "id").unlink()
    program(tools, "id", "echo 0")
    program(
        tools,
        "apt-get",
        f'[ "$2" != install ] || {{ echo "#!/bin/sh" >{tools}/chromium; chmod +x {tools}/chromium; }}',
    )
    (tools / "chmod").symlink_to(str(shutil.which("chmod")))
    done = call(ROOT / "bin" / "browser", PATH=str(tools), SMARTFAKTURA_SKIP_NOTHING="1")
    assert (done.returncode, (tools / "chromium").exists()) == (0, True)


def test_without_java_it_is_said_what_is_skipped_and_why(tools: Path) -> None:
    (tools / "id").unlink()
    program(tools, "id", "echo 1000")
    done = call(ROOT / "bin" / "verapdf", PATH=str(tools), SMARTFAKTURA_SKIP_NOTHING="")
    assert done.returncode == 0
    assert "by veraPDF is skipped: Java or its library" in done.stderr
    assert "apt-get install default-jdk-headless libjaxb-java" in done.stderr
    assert call(ROOT / "bin" / "verapdf", PATH=str(tools), SMARTFAKTURA_SKIP_NOTHING="1").returncode == 1


def test_root_is_told_when_java_can_not_be_installed(tools: Path) -> None:
    (tools / "id").unlink()
    program(tools, "id", "echo 0")
    program(tools, "apt-get", "exit 1")
    done = call(ROOT / "bin" / "verapdf", PATH=str(tools), SMARTFAKTURA_SKIP_NOTHING="1")
    assert done.returncode == 1
    assert "can not be judged: apt-get could not install default-jdk-headless" in done.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=lambda path: path.name)
def test_each_command_is_a_small_script_for_any_shell(command: Path) -> None:
    text = command.read_text()
    assert text.startswith("#!/bin/sh\n# ")
    assert len(text.splitlines()) <= 40
    assert os.access(command, os.X_OK)
    assert subprocess.run(["sh", "-n", str(command)], check=False).returncode == 0


@pytest.mark.parametrize("command", COMMANDS, ids=lambda path: path.name)
def test_no_command_names_a_place_to_download_from(command: Path) -> None:
    assert not re.search(r"://|index|trusted-host|find-links", command.read_text())


def test_the_requirements_of_the_tests_hold_all_of_the_app() -> None:
    """`bin/venv` counts on it: after the one the other needs no installing."""
    app, tests = (
        set(re.findall(r"^[\w.-]+==[\w.]+", (ROOT / f"requirements{kind}.txt").read_text(), re.MULTILINE))
        for kind in ("", "-dev")
    )
    assert app
    assert app <= tests
