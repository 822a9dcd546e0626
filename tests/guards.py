"""T-14: take each guard away in a copy of the checkout and see that its test turns red: `python -m tests.guards`.

The walls of the database are broken in every run (tests/models/test_tenancy.py); these are the guards in the code. It
takes minutes, so it is run by hand and by night; that the list fits the code is looked at in every run.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_BEHIND = shutil.ignore_patterns("data", ".venv", ".git", "__pycache__", ".*_cache")


@dataclass(frozen=True, slots=True)
class Guard:
    """`text` stands once in `file`; with `without` in its place `test` fails."""

    name: str
    file: str
    text: str
    without: str
    test: str


GUARDS = (
    Guard(
        "the token of a form", "routes/middleware/csrf.py", "if secret is not None and not is_csrf_token(",
        "if False and not is_csrf_token(",
        "tests/routes/test_access.py::test_a_form_without_the_session_s_own_token_is_refused",
    ),
    Guard(
        "the password asked for again", "actions/profile.py",
        "    refusal = await _check(person_id, password)\n    if refusal is not None:\n        return refusal\n"
        "    async with unit_of_work(None, person_id) as work:\n        return await rotate",
        "    async with unit_of_work(None, person_id) as work:\n        return await rotate",
        "tests/routes/test_data_export.py::test_p19_without_a_fresh_password_it_is_asked_for",
    ),
    Guard(
        "the gate for cookies", "routes/middleware/consent_gate.py",
        "if reason := objection(text, self.registered, consented):",
        "if (reason := objection(text, self.registered, consented)) and False:",
        "tests/routes/middleware/test_consent_gate.py::test_c11_a_rogue_cookie_is_stripped_and_logged_without_its_value",
    ),
    Guard(
        "the restriction", "actions/restrained.py", "    if customer is None or customer.restricted_at is None:\n",
        "    if True:\n",
        "tests/routes/test_restrictions.py::test_p32_a_crafted_form_that_makes_a_document_for_them_is_locked",
    ),
    Guard(
        "the limit of tries", "actions/limits.py", '    if row["tries"] <= limit:', "    if True:",
        "tests/actions/test_limits.py::test_so_many_tries_are_allowed_and_then_one_waits",
    ),
    Guard(
        "the apostrophe before a formula", "domain/cells.py", "text.startswith(_STARTS)", "False",
        "tests/routes/test_invoice_routes.py::test_downloads_hold_all_that_is_shown_and_no_formula",
    ),
    Guard(
        "text that stays text", "routes/templates.py", "autoescape=True", "autoescape=False",
        "tests/routes/test_customers.py::test_odd_names_are_kept_as_they_are_and_shown_as_text",
    ),
)  # fmt: skip


def passes(copy: Path, *tests: str) -> bool:
    """Pytest's own answer; an error before the first test is none. The copy has a database server of its own."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", *tests]
    code = subprocess.run(command, cwd=copy, stdout=sys.stderr, check=False).returncode
    if code not in (0, 1):
        raise SystemExit(f"pytest could not run: {code}")
    return code == 0


def is_missed(copy: Path, guard: Guard) -> bool:
    """Is the test red without the guard?"""
    file = copy / guard.file
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace(guard.text, guard.without), encoding="utf-8")
    try:
        return not passes(copy, guard.test)
    finally:
        file.write_text(whole, encoding="utf-8")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="sf-guards-", ignore_cleanup_errors=True) as place:
        Path(place).chmod(0o755)  # the database may run as another user
        copy = Path(place) / "checkout"
        shutil.copytree(ROOT, copy, ignore=LEFT_BEHIND)
        if not passes(copy, *(guard.test for guard in GUARDS)):
            raise SystemExit("The tests are red with every guard in its place.")
        unmissed = [guard.name for guard in GUARDS if not is_missed(copy, guard)]
    sys.stdout.write(f"{len(GUARDS) - len(unmissed)} of {len(GUARDS)} guards are missed when they are gone.\n")
    sys.stdout.writelines(f"Nobody misses {name}.\n" for name in unmissed)
    return len(unmissed)


if __name__ == "__main__":
    raise SystemExit(main())
