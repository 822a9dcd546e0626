"""The languages of documents, and how each writes figures and days.

Pages for the company's own people are in Bokmål and English (`routes/i18n.py`); what its customers read is in these.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.marking import N_

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is ISO 639-1, `tag` that of BCP 47 for readers' software, `name` English and gettext's msgid, `own` its
    name for itself. `grouping` stands between thousands, `date` is filled with day, month and year."""

    code: str
    tag: str
    name: str
    own: str
    grouping: str
    decimal_sign: str
    minus: str
    percent: str
    date: str


# As the reference of Unicode (CLDR) has it, but for two things: a plain no-break space where it has the narrow one
# (French), and thousands always apart, also in amounts of four digits (Spanish, Polish).
LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language("nb", "nb-NO", N_("Norwegian Bokmål"), "Bokmål", NBSP, ",", MINUS, f"{NBSP}%", "{d:02}.{m:02}.{y}"),
        Language(
            "nn", "nn-NO", N_("Norwegian Nynorsk"), "Nynorsk", NBSP, ",", MINUS, f"{NBSP}%", "{d:02}.{m:02}.{y}"
        ),
        Language("en", "en-GB", N_("English"), "English", ",", ".", "-", "%", "{d:02}/{m:02}/{y}"),
        Language("sv", "sv-SE", N_("Swedish"), "Svenska", NBSP, ",", MINUS, f"{NBSP}%", "{y}-{m:02}-{d:02}"),
        Language("da", "da-DK", N_("Danish"), "Dansk", ".", ",", "-", f"{NBSP}%", "{d:02}.{m:02}.{y}"),
        Language("de", "de-DE", N_("German"), "Deutsch", ".", ",", "-", f"{NBSP}%", "{d:02}.{m:02}.{y}"),
        Language("fr", "fr-FR", N_("French"), "Français", NBSP, ",", "-", f"{NBSP}%", "{d:02}/{m:02}/{y}"),
        Language("es", "es-ES", N_("Spanish"), "Español", ".", ",", "-", f"{NBSP}%", "{d:02}/{m:02}/{y}"),
        Language("nl", "nl-NL", N_("Dutch"), "Nederlands", ".", ",", "-", "%", "{d:02}-{m:02}-{y}"),
        Language("pl", "pl-PL", N_("Polish"), "Polski", NBSP, ",", "-", "%", "{d:02}.{m:02}.{y}"),
        Language("fi", "fi-FI", N_("Finnish"), "Suomi", NBSP, ",", MINUS, f"{NBSP}%", "{d}.{m}.{y}"),
    )
}
ENGLISH = LANGUAGES["en"]


def language(code: str) -> Language:
    """The language, or English for one that is not ours."""
    return LANGUAGES.get(code, ENGLISH)
