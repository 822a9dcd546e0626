"""The data-processing agreement of 23 November 2026 (GDPR Art. 28). Published: not a letter may change."""

from __future__ import annotations

from datetime import date

from domain.marking import N_
from domain.policy.document import Section, Text, Version, items, paragraph

ENGLISH = Text(
    language="en",
    updated="Last updated: 23.11.2026",
    sections=(
        Section(
            "1. What this is about",
            (
                paragraph(
                    "The company that invoices here is the controller for data about its customers. {legal_name}, "
                    "organization number {organisation_number}, {address}, which runs {name}, is its processor. This "
                    "agreement is the contract that Article 28(3) of the GDPR asks for."
                ),
            ),
        ),
        Section(
            "2. What is processed",
            (
                items(
                    "Purpose: to write, number, send, show and keep invoices, and to keep account of payments.",
                    "Persons: customers of the company and their contact persons.",
                    "Data: names, addresses, e-mail addresses, telephone numbers, what was bought, amounts, VAT and "
                    "payments, and what the company writes in notes.",
                    "Duration: as long as the company has its account, and after that as long as accounting law asks "
                    "for it.",
                ),
                paragraph("Special categories of data have no place on an invoice and must not be entered."),
            ),
        ),
        Section(
            "3. Instructions",
            (
                paragraph(
                    "The processor treats the data only as the company instructs. This agreement and what the company "
                    "does in the platform are its instructions. If the processor finds that an instruction breaks the "
                    "law, it says so at once."
                ),
            ),
        ),
        Section(
            "4. Confidentiality and security",
            (
                paragraph("Everybody who may see the data is bound to confidentiality."),
                paragraph(
                    "The processor protects the data as Article 32 of the GDPR asks: encrypted connections, access "
                    "control, walls between companies in the database, logs without personal data, and documents that "
                    "are checked when they are read. The record of processing on the website lists the measures."
                ),
            ),
        ),
        Section(
            "5. Sub-processors",
            (
                paragraph(
                    "The company agrees to the sub-processors that the website lists under “Who receives data”. The "
                    "processor tells at least 30 days before one is added or replaced, and the company can object. "
                    "Sub-processors are bound to the same duties, and the processor answers for them."
                ),
                paragraph("Data leaves the EEA only with the safeguards of chapter V of the GDPR."),
            ),
        ),
        Section(
            "6. Help",
            (
                paragraph(
                    "The processor helps the company to answer people who use their rights, to secure the data, to "
                    "assess consequences and to consult the authority. Requests that reach the processor are passed on "
                    "to the company."
                ),
                paragraph(
                    "The processor tells the company of a breach of personal data without undue delay, and within 48 "
                    "hours after becoming aware of it, with what the company needs to notify the authority."
                ),
            ),
        ),
        Section(
            "7. When it ends",
            (
                paragraph(
                    "The company can take a complete copy at any time. When the account ends the data is deleted, but "
                    "for what the law demands to be kept; that is kept restricted, and deleted when its time is over."
                ),
            ),
        ),
        Section(
            "8. Proof",
            (
                paragraph(
                    "The processor gives the company what it needs to show that these duties are kept, and allows and "
                    "contributes to audits by the company or somebody it appoints, with reasonable notice."
                ),
            ),
        ),
        Section(
            "9. Changes and law",
            (
                paragraph(
                    "A new version applies when the company has accepted it. Norwegian law applies, and disputes go "
                    "to the ordinary courts in Norway."
                ),
            ),
        ),
    ),
)

BOKMAL = Text(
    language="nb",
    updated="Sist oppdatert: 23.11.2026",
    sections=(
        Section(
            "1. Hva dette gjelder",
            (
                paragraph(
                    "Firmaet som fakturerer her, er behandlingsansvarlig for data om kundene sine. {legal_name}, "
                    "organisasjonsnummer {organisation_number}, {address}, som driver {name}, er databehandler for "
                    "firmaet. Denne avtalen er kontrakten som artikkel 28 nr. 3 i GDPR krever."
                ),
            ),
        ),
        Section(
            "2. Hva som behandles",
            (
                items(
                    "Formål: å skrive, nummerere, sende, vise og oppbevare fakturaer og holde orden på betalinger.",
                    "Personer: kundene til firmaet og kontaktpersonene deres.",
                    "Data: navn, adresser, e-postadresser, telefonnumre, hva som er kjøpt, beløp, merverdiavgift og "
                    "betalinger, og det firmaet skriver i notater.",
                    "Varighet: så lenge firmaet har konto, og etter det så lenge regnskapsloven krever.",
                ),
                paragraph(
                    "Særlige kategorier av opplysninger hører ikke hjemme på en faktura og må ikke legges inn."
                ),
            ),
        ),
        Section(
            "3. Instrukser",
            (
                paragraph(
                    "Databehandleren behandler dataene bare slik firmaet instruerer. Denne avtalen og det firmaet gjør "
                    "i plattformen, er instruksene. Mener databehandleren at en instruks bryter loven, sier den fra "
                    "med en gang."
                ),
            ),
        ),
        Section(
            "4. Taushetsplikt og sikkerhet",
            (
                paragraph("Alle som kan se dataene, har taushetsplikt."),
                paragraph(
                    "Databehandleren beskytter dataene slik artikkel 32 i GDPR krever: krypterte forbindelser, "
                    "tilgangskontroll, vegger mellom firmaene i databasen, logger uten personopplysninger og dokumenter "
                    "som kontrolleres når de leses. Behandlingsprotokollen på nettstedet lister tiltakene."
                ),
            ),
        ),
        Section(
            "5. Underleverandører",
            (
                paragraph(
                    "Firmaet godtar underleverandørene som nettstedet lister under «Hvem som får data». Databehandleren "
                    "sier fra minst 30 dager før en kommer til eller byttes ut, og firmaet kan protestere. "
                    "Underleverandørene har de samme pliktene, og databehandleren svarer for dem."
                ),
                paragraph("Data forlater EØS bare med garantiene i kapittel V i GDPR."),
            ),
        ),
        Section(
            "6. Bistand",
            (
                paragraph(
                    "Databehandleren hjelper firmaet med å svare personer som bruker rettighetene sine, å sikre "
                    "dataene, å vurdere konsekvenser og å rådføre seg med tilsynsmyndigheten. Henvendelser som kommer "
                    "til databehandleren, sendes videre til firmaet."
                ),
                paragraph(
                    "Databehandleren sier fra til firmaet om brudd på personopplysningssikkerheten uten ugrunnet "
                    "opphold og innen 48 timer etter at den ble kjent med det, med det firmaet trenger for å melde fra "
                    "til tilsynsmyndigheten."
                ),
            ),
        ),
        Section(
            "7. Når den slutter",
            (
                paragraph(
                    "Firmaet kan når som helst ta med seg en fullstendig kopi. Når kontoen avsluttes, slettes dataene, "
                    "bortsett fra det loven krever at oppbevares. Det oppbevares sperret og slettes når tiden er ute."
                ),
            ),
        ),
        Section(
            "8. Dokumentasjon",
            (
                paragraph(
                    "Databehandleren gir firmaet det som trengs for å vise at pliktene overholdes, og tillater og "
                    "bidrar til revisjoner fra firmaet eller noen det utpeker, med rimelig varsel."
                ),
            ),
        ),
        Section(
            "9. Endringer og lov",
            (
                paragraph(
                    "En ny versjon gjelder når firmaet har godtatt den. Norsk lov gjelder, og tvister hører under de "
                    "alminnelige domstolene i Norge."
                ),
            ),
        ),
    ),
)

VERSION = Version(
    name="2026-11-23",
    effective_from=date(2026, 11, 23),
    summary=N_("The first published version."),
    original=ENGLISH,
    translations={"nb": BOKMAL},
)
