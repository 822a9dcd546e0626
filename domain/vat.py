"""VAT treatments: what a line can be, which rate that is on a given day, and the words the law wants for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain import vat_rates_file
from domain.countries import EU_MEMBERSHIP
from domain.facts.vat_rates import RATES, REDUCED
from domain.legal_texts import sentence
from domain.refusals import Invalid

# Why a sale is exempt: the section of merverdiavgiftsloven chapter 3, by the treatment that names it.
SECTIONS: dict[str, str] = {
    "exempt_health": "§ 3-2",
    "exempt_social": "§ 3-4",
    "exempt_education": "§ 3-5",
    "exempt_finance": "§ 3-6",
    "exempt_culture": "§ 3-7",
    "exempt_sport": "§ 3-8",
    "exempt_property": "§ 3-11",
}


@dataclass(frozen=True, slots=True)
class Treatment:
    """How a line is treated for VAT.

    `key` never changes once it is used: drafts, products and issued documents hold it. `category` is EN 16931's letter
    (BT-151), `rate_kind` the kind of rate ("zero" when there is none), `saft_code` the standard tax code of SAF-T
    Financial ("" where Norway has none), `vatex` the reason code of an e-invoice (None where it must have none),
    `legal_text_key` names the sentence that the document prints.
    """

    key: str
    category: str
    rate_kind: str
    saft_code: str
    vatex: str | None = None
    legal_text_key: str | None = None


TREATMENTS: dict[str, Treatment] = {
    treatment.key: treatment
    for treatment in (
        Treatment("standard", "S", "standard", "3"),
        Treatment("middle", "S", "middle", "31"),
        Treatment("low", "S", "low", "33"),
        Treatment("raw_fish", "S", "raw_fish", "32"),
        Treatment("zero", "Z", "zero", "5", None, "zero"),
        # There is no VATEX code for merverdiavgiftsloven chapter 3; the sentence is the reason (BR-E-10).
        Treatment("exempt", "E", "zero", "6", None, "exempt"),
        *(Treatment(key, "E", "zero", "6", None, key) for key in SECTIONS),
        Treatment("export", "G", "zero", "52", "VATEX-EU-G", "export"),
        # For Norwegian law an export (§ 6-22); for the buyer, reverse charge.
        Treatment("eu_service", "G", "zero", "52", "VATEX-EU-G", "eu_service"),
        Treatment("outside", "O", "zero", "7", "VATEX-EU-O", "outside"),
        Treatment("reverse_charge", "AE", "zero", "51", "VATEX-EU-AE", "reverse_charge"),
        # Only between member states of the EU, so SAF-T of Norway has no code for it.
        Treatment("intra_community", "K", "zero", "", "VATEX-EU-IC", "intra_community"),
    )
}

# The rates in force: those that are known, with the administrator's own (`use_rates`).
_rates = RATES


def use_rates(own: vat_rates_file.Rates) -> None:
    """Let the administrator's rows join the known rates, from now on in this process. Called once, at its start."""
    global _rates
    _rates = vat_rates_file.merge(RATES, own)


def rate_on(treatment_key: str, country: str, day: date) -> Decimal:
    """The percent that `treatment_key` has for a seller in `country` on `day`.

    Refuses (Invalid): `vat.unknown_treatment`; `vat.unknown_rate` where the country has no such rate or its rates of
    that day are not known.
    """
    treatment = TREATMENTS.get(treatment_key)
    if treatment is None:
        raise Invalid("vat.unknown_treatment")
    if treatment.rate_kind == "zero":
        return Decimal(0)
    rows = _rates.get(_country(country), {}).get(treatment.rate_kind, ())
    in_force = [percent for since, percent in rows if date.fromisoformat(since) <= day]
    if not in_force:
        raise Invalid("vat.unknown_rate")
    return Decimal(in_force[-1])


def rate_of_supply(treatment_key: str, country: str, supplied_on: date | None, issued_on: date) -> Decimal:
    """The percent of what is supplied on one day and invoiced on another: the supply decides (merverdiavgiftsloven
    § 22-1, directive 2006/112/EC articles 63 and 93). The day of issue does where nobody said when, or the rate of that
    day is not known. Refuses (Invalid) what `rate_on` refuses."""
    known = supplied_on is not None and has_rate(treatment_key, country, supplied_on)
    return rate_on(treatment_key, country, supplied_on if known and supplied_on else issued_on)


def reduced_rates(country: str, day: date) -> tuple[Decimal, ...]:
    """Every reduced rate known for another country than Norway on `day`, the highest first."""
    sets = [percents for since, percents in REDUCED.get(_country(country), ()) if date.fromisoformat(since) <= day]
    return tuple(Decimal(percent) for percent in sets[-1]) if sets else ()


def has_rate(treatment_key: str, country: str, day: date) -> bool:
    """Is the rate of `treatment_key` known for a seller in `country` on `day`?"""
    try:
        rate_on(treatment_key, country, day)
    except Invalid:
        return False
    return True


def treatments_for(vat_registered: bool, country: str = "NO", day: date | None = None) -> tuple[Treatment, ...]:
    """What a seller in `country` may choose from; given a `day`, only what has a rate there then.

    Who is not registered may not charge VAT (merverdiavgiftsloven §§ 2-1, 11-4). The reasons of chapter 3 and the words
    for a service to the EU are for Norwegian sellers, intra-community supplies for those in the EU or in Northern
    Ireland (whose VAT numbers begin with XI).
    """
    if not vat_registered:
        return (TREATMENTS["outside"],)
    left_out = {"outside"} | ({"intra_community"} if country == "NO" else {"eu_service", *SECTIONS})
    if country != "GB" and country not in EU_MEMBERSHIP:
        left_out.add("intra_community")
    return tuple(
        treatment
        for treatment in TREATMENTS.values()
        if treatment.key not in left_out and (day is None or has_rate(treatment.key, country, day))
    )


def saft_code(category: str, rate: Decimal, day: date) -> str:
    """The standard tax code of SAF-T Financial for what a Norwegian seller sold with `category` and `rate` until `day`;
    "" where there is none. Rates that were in force once count too, the newest first: what was delivered before a
    change may be invoiced or credited long after it. Known rates only: none is guessed."""
    return next(filter(None, (_saft_code(category, rate, since) for since in (day, *_changes("NO", day)))), "")


def _saft_code(category: str, rate: Decimal, day: date) -> str:
    for treatment in TREATMENTS.values():
        same = treatment.category == category and has_rate(treatment.key, "NO", day)
        if same and rate_on(treatment.key, "NO", day) == rate:
            return treatment.saft_code
    return ""


def _changes(country: str, until: date) -> list[date]:
    """The days on which a rate of `country` changed, the last one first."""
    days = {date.fromisoformat(since) for rows in _rates.get(country, {}).values() for since, _ in rows}
    return sorted((day for day in days if day <= until), reverse=True)


def legal_text(key: str, language: str, country: str = "NO") -> str:
    """The sentence that the law or the buyer needs on the document; a `language` that is not ours reads English.

    `country` is the seller's: outside Norway the sentence names no Norwegian law or register.
    For zero-rated lines it is for the document only: an e-invoice of category Z must not carry a reason (BR-Z-10).
    """
    if key in SECTIONS:
        return f"{legal_text('exempt', language, country)} ({SECTIONS[key]})"
    if key == "eu_service":
        return f"{sentence('export', language, country)}. {sentence(key, language, country)}"
    return sentence(key, language, country)


def _country(code: str) -> str:
    """VAT writes Greece as EL and Northern Ireland as XI."""
    return {"EL": "GR", "XI": "GB"}.get(code, code)
