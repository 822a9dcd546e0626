"""The policy of 16 February 2026. Published: not a letter may change."""

from __future__ import annotations

from datetime import date

from domain.marking import N_
from domain.policy.document import Section, Text, Version, address, heading, items, paragraph

ENGLISH = Text(
    language="en",
    updated="Last updated: 16.02.2026",
    sections=(
        Section(
            "",
            (
                paragraph(
                    "{name} (“we”, “us”, “our”) respects your privacy and is committed to protecting your personal data."
                ),
                paragraph(
                    "This Privacy Policy explains how we collect, use, store, and protect your information when you "
                    "use our website and invoicing platform."
                ),
            ),
        ),
        Section(
            "1. Data Controller",
            (
                address(
                    "{name}",
                    "{legal_name}",
                    "Organization number: {organisation_number}",
                    "{address}",
                    "Email: {privacy_email}",
                ),
                paragraph(
                    "{name} is the data controller for personal data processed through this website and platform."
                ),
            ),
        ),
        Section(
            "2. What Information We Collect",
            (
                paragraph("We only collect information necessary to provide and improve our services."),
                heading("a) Account Information"),
                items("Name", "Email address", "Company name", "Organization number", "Billing information"),
                heading("b) Invoice Data"),
                items("Customer names", "Customer email addresses", "Invoice amounts", "VAT information"),
                heading("c) Technical Data"),
                items(
                    "IP address",
                    "Browser type",
                    "Device information",
                    "Usage data (for security and system stability)",
                ),
            ),
        ),
        Section(
            "3. Legal Basis for Processing (GDPR)",
            (
                paragraph("We process personal data based on:"),
                items(
                    "Contractual necessity (to provide invoicing services)",
                    "Legal obligations (accounting and tax regulations)",
                    "Legitimate interests (security, fraud prevention, system improvement)",
                    "User consent (where required)",
                ),
            ),
        ),
        Section(
            "4. How We Use Your Data",
            (
                paragraph("We use your data to:"),
                items(
                    "Provide invoicing services",
                    "Calculate VAT correctly",
                    "Send invoices by email",
                    "Maintain secure system operations",
                    "Comply with accounting and tax regulations",
                    "Improve platform functionality",
                ),
                paragraph("We do not sell personal data."),
            ),
        ),
        Section(
            "5. Data Storage and Security",
            (
                paragraph("Your data is stored securely using modern security practices, including:"),
                items(
                    "Encrypted connections (HTTPS)",
                    "Access control",
                    "Secure hosting infrastructure",
                    "Regular monitoring and maintenance",
                ),
                paragraph("We take appropriate technical and organizational measures to protect your data."),
            ),
        ),
        Section(
            "6. Data Retention",
            (
                paragraph("We retain data only as long as necessary to:"),
                items(
                    "Fulfill contractual obligations",
                    "Comply with legal accounting requirements",
                    "Resolve disputes",
                ),
                paragraph("You may request deletion of your account, subject to legal retention obligations."),
            ),
        ),
        Section(
            "7. Your Rights",
            (
                paragraph("Under GDPR, you have the right to:"),
                items(
                    "Access your personal data",
                    "Correct inaccurate information",
                    "Request deletion",
                    "Restrict processing",
                    "Object to processing",
                    "Request data portability",
                ),
                paragraph("To exercise your rights, contact: {privacy_email}"),
            ),
        ),
        Section(
            "8. International Use",
            (
                paragraph("SmartFaktura is built for international markets."),
                paragraph("Data processing may be adapted to local regulatory requirements."),
            ),
        ),
        Section(
            "9. Cookies",
            (
                paragraph("SmartFaktura may use essential cookies for:"),
                items("Security", "Login sessions", "Platform functionality"),
                paragraph("We do not use tracking or marketing cookies without consent."),
            ),
        ),
        Section(
            "10. Changes to This Policy",
            (
                paragraph("We may update this Privacy Policy when necessary."),
                paragraph("The latest version will always be available on this page."),
            ),
        ),
        Section(
            "GDPR (General Data Protection Regulation)",
            (
                paragraph("We comply with the EU General Data Protection Regulation (GDPR)."),
                paragraph("Users have the right to:"),
                items(
                    "Access their personal data",
                    "Request correction or deletion",
                    "Restrict or object to processing",
                    "Data portability",
                    "Withdraw consent at any time",
                    mark="• ",
                ),
                paragraph("Requests can be sent to: {privacy_email}"),
            ),
        ),
    ),
)

BOKMAL = Text(
    language="nb",
    updated="Sist oppdatert: 16.02.2026",
    sections=(
        Section(
            "",
            (
                paragraph(
                    "{name} («vi», «oss», «vår») respekterer personvernet ditt og tar ansvar for å beskytte "
                    "personopplysningene dine."
                ),
                paragraph(
                    "Denne personvernerklæringen forklarer hvordan vi samler inn, bruker, lagrer og beskytter "
                    "opplysningene dine når du bruker nettstedet og faktureringsplattformen vår."
                ),
            ),
        ),
        Section(
            "1. Behandlingsansvarlig",
            (
                address(
                    "{name}",
                    "{legal_name}",
                    "Organisasjonsnummer: {organisation_number}",
                    "{address}",
                    "E-post: {privacy_email}",
                ),
                paragraph(
                    "{name} er behandlingsansvarlig for personopplysninger som behandles gjennom dette nettstedet og "
                    "denne plattformen."
                ),
            ),
        ),
        Section(
            "2. Hvilke opplysninger vi samler inn",
            (
                paragraph(
                    "Vi samler bare inn opplysninger som er nødvendige for å levere og forbedre tjenestene våre."
                ),
                heading("a) Kontoopplysninger"),
                items("Navn", "E-postadresse", "Firmanavn", "Organisasjonsnummer", "Faktureringsopplysninger"),
                heading("b) Fakturadata"),
                items("Kundenavn", "Kundenes e-postadresser", "Fakturabeløp", "Opplysninger om merverdiavgift"),
                heading("c) Tekniske data"),
                items(
                    "IP-adresse",
                    "Nettlesertype",
                    "Opplysninger om enheten",
                    "Bruksdata (for sikkerhet og stabil drift)",
                ),
            ),
        ),
        Section(
            "3. Rettslig grunnlag for behandlingen (GDPR)",
            (
                paragraph("Vi behandler personopplysninger på grunnlag av:"),
                items(
                    "Avtale (det er nødvendig for å levere faktureringstjenester)",
                    "Rettslige forpliktelser (regnskaps- og skatteregler)",
                    "Berettigede interesser (sikkerhet, forebygging av svindel, forbedring av systemet)",
                    "Samtykke fra brukeren (der det kreves)",
                ),
            ),
        ),
        Section(
            "4. Hvordan vi bruker dataene dine",
            (
                paragraph("Vi bruker dataene dine til å:"),
                items(
                    "Levere faktureringstjenester",
                    "Beregne merverdiavgift riktig",
                    "Sende fakturaer på e-post",
                    "Holde driften sikker",
                    "Følge regnskaps- og skattereglene",
                    "Forbedre plattformens funksjoner",
                ),
                paragraph("Vi selger ikke personopplysninger."),
            ),
        ),
        Section(
            "5. Lagring og sikkerhet",
            (
                paragraph("Dataene dine lagres trygt etter moderne sikkerhetspraksis, blant annet:"),
                items(
                    "Krypterte forbindelser (HTTPS)",
                    "Tilgangskontroll",
                    "Sikker driftsinfrastruktur",
                    "Jevnlig overvåking og vedlikehold",
                ),
                paragraph("Vi har egnede tekniske og organisatoriske tiltak for å beskytte dataene dine."),
            ),
        ),
        Section(
            "6. Hvor lenge vi beholder data",
            (
                paragraph("Vi beholder data bare så lenge det er nødvendig for å:"),
                items(
                    "Oppfylle avtaler",
                    "Følge lovens krav til regnskap",
                    "Løse tvister",
                ),
                paragraph(
                    "Du kan be om at kontoen din slettes, med de grenser som lovens krav til oppbevaring setter."
                ),
            ),
        ),
        Section(
            "7. Rettighetene dine",
            (
                paragraph("Etter GDPR har du rett til å:"),
                items(
                    "Få innsyn i personopplysningene dine",
                    "Få rettet uriktige opplysninger",
                    "Be om sletting",
                    "Begrense behandlingen",
                    "Protestere mot behandlingen",
                    "Be om dataportabilitet",
                ),
                paragraph("Vil du bruke rettighetene dine, ta kontakt på: {privacy_email}"),
            ),
        ),
        Section(
            "8. Internasjonal bruk",
            (
                paragraph("SmartFaktura er laget for internasjonale markeder."),
                paragraph("Behandlingen av data kan bli tilpasset lokale lovkrav."),
            ),
        ),
        Section(
            "9. Informasjonskapsler",
            (
                paragraph("SmartFaktura kan bruke nødvendige informasjonskapsler for:"),
                items("Sikkerhet", "Innlogging", "Plattformens funksjoner"),
                paragraph("Vi bruker ikke informasjonskapsler til sporing eller markedsføring uten samtykke."),
            ),
        ),
        Section(
            "10. Endringer i denne erklæringen",
            (
                paragraph("Vi kan oppdatere denne personvernerklæringen når det er nødvendig."),
                paragraph("Den nyeste versjonen finner du alltid på denne siden."),
            ),
        ),
        Section(
            "GDPR (personvernforordningen)",
            (
                paragraph("Vi følger EUs personvernforordning (GDPR)."),
                paragraph("Brukere har rett til å:"),
                items(
                    "Få innsyn i personopplysningene sine",
                    "Be om retting eller sletting",
                    "Begrense eller protestere mot behandlingen",
                    "Få med seg dataene sine (dataportabilitet)",
                    "Trekke tilbake samtykke når som helst",
                    mark="• ",
                ),
                paragraph("Henvendelser kan sendes til: {privacy_email}"),
            ),
        ),
    ),
)

VERSION = Version(
    name="2026-02-16",
    effective_from=date(2026, 2, 16),
    summary=N_("The first published version."),
    original=ENGLISH,
    translations={"nb": BOKMAL},
)
