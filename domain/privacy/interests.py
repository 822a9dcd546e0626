"""The balancing tests behind our legitimate interests (GDPR Art. 6(1)(f); EDPB Guidelines 1/2024).

Each is a dated version in Bokmål and English. A version never changes once it is published: a new one is put before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.marking import N_
from domain.privacy.classification import Purpose
from domain.privacy.objection import Interest

LANGUAGES = ("nb", "en")
# What each test answers, as headings (msgids), in this order.
QUESTIONS: dict[str, str] = {
    "interest": N_("What is the interest, and whose?"),
    "necessity": N_("Is it needed, or would less do?"),
    "expectation": N_("What do people expect?"),
    "effect": N_("What does it mean for them?"),
    "safeguards": N_("How is it kept small?"),
    "outcome": N_("What weighs more?"),
}


@dataclass(frozen=True, slots=True)
class Assessment:
    """One version of one test: by language the answer to each of the questions."""

    made_on: date
    answers: Mapping[str, Mapping[str, str]]

    @property
    def version(self) -> str:
        return self.made_on.isoformat()

    def fingerprint(self) -> str:
        """SHA-256 of the date and every answer: what a test holds, so that nothing published is changed."""
        told = [self.version, *(self.answers[tongue][name] for tongue in LANGUAGES for name in QUESTIONS)]
        return hashlib.sha256("\0".join(told).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Weighed:
    """An interest with its tests, the newest first, and the purpose in the data map that it carries."""

    interest: Interest
    purpose: Purpose
    versions: tuple[Assessment, ...]

    @property
    def newest(self) -> Assessment:
        return self.versions[0]


_FIRST = date(2026, 11, 23)
_SECURITY = {
    "en": {
        "interest": "Ours, our companies' and their customers': that nobody gets into an account that is not theirs. "
        "Recital 49 of the GDPR names security of networks and information as a legitimate interest.",
        "necessity": "Without a list of sign-ins and changes nobody, not even you, could see that somebody else was in "
        "the account. Whole IP addresses are not needed for that, so they are not kept.",
        "expectation": "Who keeps accounts in an app expects it to guard them, and most services show such a list.",
        "effect": "Little: the list says when and roughly from where you signed in. Only you see it.",
        "safeguards": "Only the first part of the IP address and the kind of browser. 12 months for events, 30 days "
        "for browsers. You see all of it on your account page, it is in your copy of data, and you may object.",
        "outcome": "The interest in safe accounts, which is also yours, weighs more than a short list that you see "
        "yourself.",
    },
    "nb": {
        "interest": "Vår, firmaenes og kundenes: at ingen kommer inn på en konto som ikke er deres. Fortalepunkt 49 i "
        "personvernforordningen nevner sikkerhet i nett og informasjon som en berettiget interesse.",
        "necessity": "Uten en liste over innlogginger og endringer kunne ingen, heller ikke du, se at noen andre hadde "
        "vært inne. Hele IP-adresser trengs ikke til det, så de lagres ikke.",
        "expectation": "Den som har regnskapet sitt i en app, venter at den passes på. De fleste tjenester viser en "
        "slik liste.",
        "effect": "Lite: listen sier når og omtrent hvorfra du logget inn. Bare du ser den.",
        "safeguards": "Bare den første delen av IP-adressen og typen nettleser. 12 måneder for hendelser, 30 dager for "
        "nettlesere. Du ser alt på kontosiden din, det er med i kopien av dataene dine, og du kan protestere.",
        "outcome": "Interessen i trygge kontoer, som også er din, veier tyngre enn en kort liste som du selv ser.",
    },
}
_FRAUD = {
    "en": {
        "interest": "Ours and yours: that nobody guesses passwords or sends letters in your name. Recital 47 of the "
        "GDPR names the prevention of fraud.",
        "necessity": "Guessing can only be stopped by counting tries. The counters do not know whose they are: their "
        "key is a keyed hash.",
        "expectation": "Everybody knows that too many wrong passwords make one wait.",
        "effect": "In the worst case some waiting. Nobody gets a score, nothing is decided about anybody, and nothing "
        "is kept of it.",
        "safeguards": "Only a number and a time under a key that names nobody, gone after minutes to hours. No "
        "profile, no third party.",
        "outcome": "The interest weighs more: the alternative is stolen accounts.",
    },
    "nb": {
        "interest": "Vår og din: at ingen gjetter passord eller sender brev i ditt navn. Fortalepunkt 47 i "
        "personvernforordningen nevner forebygging av bedrageri.",
        "necessity": "Gjetting kan bare stoppes ved å telle forsøk. Tellerne vet ikke hvem de gjelder: nøkkelen er en "
        "hash med en hemmelighet.",
        "expectation": "Alle vet at man må vente etter for mange gale passord.",
        "effect": "I verste fall litt venting. Ingen får en poengsum, ingenting avgjøres om noen, og ingenting blir "
        "liggende.",
        "safeguards": "Bare et tall og et tidspunkt under en nøkkel som ikke nevner noen, borte etter minutter til "
        "timer. Ingen profil, ingen tredjepart.",
        "outcome": "Interessen veier tyngre: det andre valget er stjålne kontoer.",
    },
}
_IMPROVEMENT = {
    "en": {
        "interest": "Ours: to know which parts of the app are used, so that the right ones get better. The privacy "
        "policy names it as a legitimate interest.",
        "necessity": "Faults show themselves without it. Counting visits helps to choose, but the app works without.",
        "expectation": "People know that services count. They do not expect it to happen without being asked.",
        "effect": "Counts of pages that name nobody.",
        "safeguards": "Counting is off unless whoever runs the server has switched it on, and even then only those who "
        "said yes are counted. An objection stops it at once, on every device, and for good.",
        "outcome": "The interest alone does not weigh enough. So nobody is counted without having agreed to it.",
    },
    "nb": {
        "interest": "Vår: å vite hvilke deler av appen som brukes, så de riktige blir bedre. Personvernerklæringen "
        "nevner det som en berettiget interesse.",
        "necessity": "Feil viser seg uten. Å telle besøk hjelper oss å velge, men appen virker uten.",
        "expectation": "Folk vet at tjenester teller. De venter ikke at det skjer uten at de blir spurt.",
        "effect": "Tall på sider, som ikke nevner noen.",
        "safeguards": "Tellingen er av om ikke den som drifter serveren, har slått den på, og selv da telles bare de "
        "som har sagt ja. En protest stopper den med én gang, på alle enheter og for godt.",
        "outcome": "Interessen alene veier ikke tungt nok. Derfor telles ingen uten å ha sagt ja.",
    },
}
_NEWS = {
    "en": {
        "interest": "Ours: to tell those who use the app of changes in it.",
        "necessity": "What changes your rights is told by law or contract. Other news could also stand on a page.",
        "expectation": "Who has an account expects a few letters about it, and no advertising.",
        "effect": "A letter now and then.",
        "safeguards": "No advertising and nobody else's offers. An objection stops it at once, without reasons.",
        "outcome": "As long as it can be stopped at any time, a rare letter about the service weighs little.",
    },
    "nb": {
        "interest": "Vår: å fortelle dem som bruker appen, om endringer i den.",
        "necessity": "Det som endrer rettighetene dine, sier vi fra om etter loven eller avtalen. Andre nyheter kunne "
        "også stått på en side.",
        "expectation": "Den som har en konto, venter noen få brev om den, og ingen reklame.",
        "effect": "Et brev en gang iblant.",
        "safeguards": "Ingen reklame og ingen andres tilbud. En protest stopper det med én gang, uten begrunnelse.",
        "outcome": "Så lenge det når som helst kan stoppes, veier et sjeldent brev om tjenesten lite.",
    },
}
_SECOND = date(2026, 11, 24)
_NEWS_NOT_SENT = {
    "en": {
        **_NEWS["en"],
        "necessity": "What changes your rights is told by law or contract. Other news stands on a page, and no letter "
        "is sent about it.",
        "effect": "None today: the app sends no news by letter. If it ever does, it is a rare letter about the app "
        "itself.",
        "outcome": "Nothing is sent, so nothing weighs on you. An objection is remembered all the same, and holds should "
        "there be such letters one day.",
    },
    "nb": {
        **_NEWS["nb"],
        "necessity": "Det som endrer rettighetene dine, sier vi fra om etter loven eller avtalen. Andre nyheter står på "
        "en side, og det sendes ikke brev om dem.",
        "effect": "Ingenting i dag: appen sender ikke nyheter i brev. Gjør den det en gang, blir det et sjeldent brev om "
        "selve appen.",
        "outcome": "Ingenting sendes, så ingenting tynger deg. En protest huskes likevel, og gjelder om slike brev "
        "skulle komme en dag.",
    },
}
WEIGHED: dict[Interest, Weighed] = {
    weighed.interest: weighed
    for weighed in (
        Weighed(Interest.SECURITY, Purpose.SECURITY, (Assessment(_FIRST, _SECURITY),)),
        Weighed(Interest.FRAUD, Purpose.SECURITY, (Assessment(_FIRST, _FRAUD),)),
        Weighed(Interest.IMPROVEMENT, Purpose.IMPROVEMENT, (Assessment(_FIRST, _IMPROVEMENT),)),
        Weighed(Interest.NEWS, Purpose.EMAIL, (Assessment(_SECOND, _NEWS_NOT_SENT), Assessment(_FIRST, _NEWS))),
    )
}
