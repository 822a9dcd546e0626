"""The terms of use of 23 November 2026. Published: not a letter may change."""

from __future__ import annotations

from datetime import date

from domain.marking import N_
from domain.policy.document import Section, Text, Version, address, items, paragraph

ENGLISH = Text(
    language="en",
    updated="Last updated: 23.11.2026",
    sections=(
        Section("", (paragraph("These terms apply between you and {name} when you use our invoicing platform."),)),
        Section(
            "1. Who we are",
            (
                address(
                    "{name}",
                    "{legal_name}",
                    "Organization number: {organisation_number}",
                    "{address}",
                    "Email: {privacy_email}",
                ),
            ),
        ),
        Section(
            "2. What you get",
            (
                paragraph(
                    "You can write, send and keep invoices, and keep account of what is paid. We work to keep the "
                    "platform available at all times, but can not promise that it never stops."
                ),
                paragraph(
                    "What the platform costs is shown before you order it. Nothing is charged without your order."
                ),
            ),
        ),
        Section(
            "3. Your account",
            (
                items(
                    "Give your right name and an e-mail address that you can read.",
                    "Keep your password to yourself.",
                    "Tell us at once if somebody else has come into your account.",
                    "Use the platform for real invoices only, and for nothing that the law forbids.",
                ),
            ),
        ),
        Section(
            "4. Your invoices and data",
            (
                paragraph(
                    "What you enter is yours. You decide what your invoices say and answer for it towards your "
                    "customers and the authorities."
                ),
                paragraph("You can take a complete copy with you at any time, in formats that other programs read."),
                paragraph(
                    "An issued invoice can not be changed or deleted while accounting law asks for it to be kept."
                ),
            ),
        ),
        Section(
            "5. Privacy",
            (
                paragraph("Our privacy policy tells how we treat data about you."),
                paragraph(
                    "For data about your customers you are the controller and we are your processor. The "
                    "data-processing agreement applies to that."
                ),
            ),
        ),
        Section(
            "6. Liability",
            (
                paragraph(
                    "We answer for loss that we cause by intent or negligence. For businesses our liability in a year "
                    "is limited to what was paid for the platform in that year; loss of profit is not covered. "
                    "Nothing here limits rights that the law gives to consumers, or liability for intent, gross "
                    "negligence or breaches of data protection law."
                ),
            ),
        ),
        Section(
            "7. Ending",
            (
                paragraph("You can stop at any time. We can end the agreement with three months' notice."),
                paragraph(
                    "If you seriously break these terms we can close your account at once. Even then you get a copy of "
                    "your data."
                ),
            ),
        ),
        Section(
            "8. Changes",
            (
                paragraph(
                    "We tell you at least 30 days before a change that matters takes effect. If you do not agree, you "
                    "can stop before that day. Every version keeps its own address."
                ),
            ),
        ),
        Section(
            "9. Law and disputes",
            (
                paragraph(
                    "Norwegian law applies. Disputes that we can not settle between us go to the ordinary courts in "
                    "Norway. Consumers can also use the courts where they live."
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
            "",
            (paragraph("Disse vilkårene gjelder mellom deg og {name} når du bruker faktureringsplattformen vår."),),
        ),
        Section(
            "1. Hvem vi er",
            (
                address(
                    "{name}",
                    "{legal_name}",
                    "Organisasjonsnummer: {organisation_number}",
                    "{address}",
                    "E-post: {privacy_email}",
                ),
            ),
        ),
        Section(
            "2. Hva du får",
            (
                paragraph(
                    "Du kan skrive, sende og oppbevare fakturaer og holde orden på hva som er betalt. Vi arbeider for "
                    "at plattformen alltid er tilgjengelig, men kan ikke love at den aldri stopper."
                ),
                paragraph(
                    "Hva plattformen koster, vises før du bestiller. Ingenting belastes uten at du har bestilt det."
                ),
            ),
        ),
        Section(
            "3. Kontoen din",
            (
                items(
                    "Oppgi riktig navn og en e-postadresse du kan lese.",
                    "Hold passordet for deg selv.",
                    "Si fra med en gang hvis noen andre har kommet seg inn på kontoen din.",
                    "Bruk plattformen bare til ekte fakturaer, og ikke til noe loven forbyr.",
                ),
            ),
        ),
        Section(
            "4. Fakturaene og dataene dine",
            (
                paragraph(
                    "Det du legger inn, er ditt. Du bestemmer hva fakturaene dine sier, og svarer for det overfor "
                    "kundene dine og myndighetene."
                ),
                paragraph(
                    "Du kan når som helst ta med deg en fullstendig kopi, i formater som andre programmer leser."
                ),
                paragraph(
                    "En utstedt faktura kan ikke endres eller slettes så lenge regnskapsloven krever at den "
                    "oppbevares."
                ),
            ),
        ),
        Section(
            "5. Personvern",
            (
                paragraph("Personvernerklæringen vår forteller hvordan vi behandler data om deg."),
                paragraph(
                    "For data om kundene dine er du behandlingsansvarlig, og vi er databehandler for deg. For det "
                    "gjelder databehandleravtalen."
                ),
            ),
        ),
        Section(
            "6. Ansvar",
            (
                paragraph(
                    "Vi svarer for tap som vi volder med forsett eller uaktsomhet. Overfor næringsdrivende er ansvaret "
                    "i ett år begrenset til det som er betalt for plattformen det året, og tapt fortjeneste dekkes "
                    "ikke. Ingenting her begrenser rettigheter som loven gir forbrukere, eller ansvar for forsett, "
                    "grov uaktsomhet eller brudd på personvernreglene."
                ),
            ),
        ),
        Section(
            "7. Avslutning",
            (
                paragraph("Du kan slutte når som helst. Vi kan si opp avtalen med tre måneders varsel."),
                paragraph(
                    "Bryter du disse vilkårene alvorlig, kan vi stenge kontoen med en gang. Også da får du en kopi av "
                    "dataene dine."
                ),
            ),
        ),
        Section(
            "8. Endringer",
            (
                paragraph(
                    "Vi sier fra minst 30 dager før en endring av betydning begynner å gjelde. Er du ikke enig, kan du "
                    "slutte før den dagen. Hver versjon beholder sin egen adresse."
                ),
            ),
        ),
        Section(
            "9. Lov og tvister",
            (
                paragraph(
                    "Norsk lov gjelder. Tvister som vi ikke løser oss imellom, hører under de alminnelige domstolene i "
                    "Norge. Forbrukere kan også bruke domstolene der de bor."
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
