"""Exchange rates of central banks: the ECB's daily file (`{base}/eurofxref-daily.xml`) and Norges Bank's CSV
(`{base}/EXR/B..NOK.SP`). Both publish on banking days only.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from lxml import etree

from domain.exchange_rates import LONGEST_PAUSE, DailyRates, from_euro, read_norges_bank, read_rate
from tasks.gateways.asking import PATIENCE, Unanswered, ask
from tasks.gateways.kept import Kept

FRESH = 3600.0
_CUBE = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube"


class EcbRates:
    """The European Central Bank at `base` (settings.registers.ecb_url); `None` never asks."""

    def __init__(self, base: str | None, *, patience: float = PATIENCE) -> None:
        self._base, self._patience = base, patience
        self._kept: Kept[DailyRates] = Kept(FRESH, most=1)

    async def latest(self) -> DailyRates | None:
        """The rates of the latest banking day, or None when the bank gave no clear answer. Never raises."""
        kept = self._kept.get("")
        if kept is not None or self._base is None:
            return kept
        try:
            url = f"{self._base}/eurofxref-daily.xml"
            return self._kept.put("", read_ecb(await _text(url, {}, "application/xml", self._patience)))
        except (Unanswered, ValueError):
            return None


class NorgesBankRates:
    """Norges Bank at `base` (settings.registers.norges_bank_url); `None` never asks."""

    def __init__(self, base: str | None, *, patience: float = PATIENCE) -> None:
        self._base, self._patience = base, patience
        self._kept: Kept[DailyRates] = Kept(FRESH, most=100)

    async def on(self, day: date) -> DailyRates | None:
        """The rates of `day`, or of the banking day before it; None when the bank gave no clear answer. Never raises."""
        kept = self._kept.get(day.isoformat())
        if kept is not None or self._base is None:
            return kept
        period = {"startPeriod": (day - LONGEST_PAUSE).isoformat(), "endPeriod": day.isoformat()}
        try:
            url, wanted = f"{self._base}/EXR/B..NOK.SP", {"format": "csv", "locale": "en", **period}
            rates = read_norges_bank((await _text(url, wanted, "text/csv", self._patience)).decode("utf-8"))
            if not day - LONGEST_PAUSE <= rates.day <= day:
                return None
            return self._kept.put(day.isoformat(), rates)
        except (Unanswered, ValueError):
            return None


async def _text(url: str, params: dict[str, str], accept: str, patience: float) -> bytes:
    status, body = await ask("GET", url, params=params, accept=accept, patience=patience)
    if status != 200:
        raise Unanswered(str(status))
    return body


def read_ecb(body: bytes) -> DailyRates:
    """The daily file. Raises ValueError for anything else, and for every document type: the file has none, and with one
    come entities."""
    if b"<!" in body.replace(b"<!--", b""):
        raise ValueError("the file has a document type")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        encoding="utf-8",
    )
    try:
        tree = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        raise ValueError("the file is not XML") from None
    days = [cube for cube in tree.iter(_CUBE) if cube.get("time")]
    if len(days) != 1:
        raise ValueError("the file is not of one day")
    rates: dict[str, Decimal] = {
        cube.get("currency", ""): read_rate(cube.get("rate", "")) for cube in days[0].iterchildren(_CUBE)
    }
    if not rates or not all(len(code) == 3 and code.isascii() and code.isupper() for code in rates):
        raise ValueError("the file names no currencies")
    return from_euro("ECB", date.fromisoformat(days[0].get("time", "")), rates)
