"""Texts to begin with when a breach must be told: to the authority, to companies, to people, in Bokmål and English.

They hold what GDPR Art. 33(3) and 34(2) ask for. They are there to be changed before anybody gets them.
"""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("nb", "en")
# Stands where only a person knows what to say; with one left a notice does not go out.
TO_FILL_IN = "…"


@dataclass(frozen=True, slots=True)
class Model:
    """A text to begin with. `{reference}`, `{operator}` and `{contact}` stand for what is known; … is to be filled in."""

    subject: str
    text: str

    def filled(self, reference: str, operator: str, contact: str) -> Model:
        known = {"reference": reference, "operator": operator, "contact": contact}
        return Model(self.subject.format(**known), self.text.format(**known))


AUTHORITY: dict[str, Model] = {
    "nb": Model(
        "Melding om brudd på personopplysningssikkerheten ({reference})",
        "Vi melder et brudd på personopplysningssikkerheten etter personvernforordningen artikkel 33.\n\n"
        "Hva som har skjedd, og når: …\n\n"
        "Hvilke personopplysninger, og omtrent hvor mange personer og registreringer det gjelder: …\n\n"
        "Hva det kan føre til for dem det gjelder: …\n\n"
        "Hva vi har gjort og vil gjøre, også for å dempe følgene: …\n\n"
        "Er det gått mer enn 72 timer: hvorfor meldingen kommer nå: …\n\n"
        "Kontaktpunkt: {contact}\nBehandlingsansvarlig: {operator}\nVår referanse: {reference}",
    ),
    "en": Model(
        "Notification of a personal data breach ({reference})",
        "We notify a personal data breach under Article 33 of the GDPR.\n\n"
        "What happened, and when: …\n\n"
        "Which personal data, and about how many people and records: …\n\n"
        "What it may lead to for them: …\n\n"
        "What we have done and will do, also to lessen the effects: …\n\n"
        "If more than 72 hours have passed: why the notification comes now: …\n\n"
        "Contact: {contact}\nController: {operator}\nOur reference: {reference}",
    ),
}
COMPANIES: dict[str, Model] = {
    "nb": Model(
        "Viktig om sikkerheten til dataene dine ({reference})",
        "Det har skjedd et brudd på sikkerheten hos oss som gjelder data vi behandler for firmaet ditt. "
        "Vi sier fra uten opphold, etter artikkel 33 nr. 2 i personvernforordningen.\n\n"
        "Dette har skjedd: …\n\n"
        "Disse opplysningene gjelder det: …\n\n"
        "Dette har vi gjort: …\n\n"
        "Dette bør du gjøre: Du er behandlingsansvarlig for kundene dine. Vurder om bruddet er en risiko for dem. "
        "Er det det, har du 72 timer på deg til å melde fra til tilsynsmyndigheten for personvern.\n\n"
        "Spør oss om det du trenger: {contact}",
    ),
    "en": Model(
        "Important: the security of your data ({reference})",
        "There has been a security breach with us that concerns data we process for your company. We tell you without "
        "delay, under Article 33(2) of the GDPR.\n\n"
        "What happened: …\n\n"
        "Which data it concerns: …\n\n"
        "What we have done: …\n\n"
        "What you should do: you are the controller of your customers' data. Consider whether the breach is a risk to "
        "them. If it is, you have 72 hours to notify your data-protection authority.\n\n"
        "Ask us whatever you need: {contact}",
    ),
}
PEOPLE: dict[str, Model] = {
    "nb": Model(
        "Personopplysningene dine kan være på avveie ({reference})",
        "Vi skriver til deg fordi et sikkerhetsbrudd kan ha følger for deg (personvernforordningen artikkel 34).\n\n"
        "Dette har skjedd: …\n\n"
        "Dette kan det føre til for deg: …\n\n"
        "Dette har vi gjort: …\n\n"
        "Dette kan du gjøre selv: …\n\n"
        "Spørsmål? Skriv til {contact}.\n\n{operator}",
    ),
    "en": Model(
        "Your personal data may be in the wrong hands ({reference})",
        "We write to you because a security breach may affect you (Article 34 of the GDPR).\n\n"
        "What happened: …\n\n"
        "What it may lead to for you: …\n\n"
        "What we have done: …\n\n"
        "What you can do yourself: …\n\n"
        "Questions? Write to {contact}.\n\n{operator}",
    ),
}
