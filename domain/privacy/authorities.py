"""Whom to complain to: the data-protection authority of each country (GDPR Art. 51 and 77; UK GDPR; the Swiss nFADP).

Names are in the language of the country, as the authorities write them. Source: the list of members of the European
Data Protection Board and the authorities' own pages.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Authority:
    """`country` is ISO 3166-1 alpha-2, empty for the list of all of them; `link` is its web site."""

    country: str
    name: str
    link: str

    @property
    def shown(self) -> str:
        """Name and place in one line, for where nothing can be pressed: `Datatilsynet, www.datatilsynet.no`."""
        return f"{self.name}, {self.link.removeprefix('https://').rstrip('/')}"


AUTHORITIES: dict[str, Authority] = {
    country: Authority(country, name, link)
    for country, name, link in (
        ("AT", "Datenschutzbehörde", "https://www.dsb.gv.at/"),
        ("BE", "Gegevensbeschermingsautoriteit / Autorité de protection des données",
         "https://www.dataprotectionauthority.be/"),
        ("BG", "Комисия за защита на личните данни", "https://cpdp.bg/"),
        ("CH", "Eidgenössischer Datenschutz- und Öffentlichkeitsbeauftragter", "https://www.edoeb.admin.ch/"),
        ("CY", "Γραφείο Επιτρόπου Προστασίας Δεδομένων Προσωπικού Χαρακτήρα",
         "https://www.dataprotection.gov.cy/"),
        ("CZ", "Úřad pro ochranu osobních údajů", "https://uoou.gov.cz/"),
        # Companies answer to the authority of their federal state; this page leads to each of them.
        ("DE", "Die Datenschutzaufsichtsbehörden der Länder",
         "https://www.bfdi.bund.de/DE/Service/Anschriften/Laender/Laender-node.html"),
        ("DK", "Datatilsynet", "https://www.datatilsynet.dk/"),
        ("EE", "Andmekaitse Inspektsioon", "https://www.aki.ee/"),
        ("ES", "Agencia Española de Protección de Datos", "https://www.aepd.es/"),
        ("FI", "Tietosuojavaltuutetun toimisto", "https://tietosuoja.fi/"),
        ("FR", "Commission nationale de l'informatique et des libertés", "https://www.cnil.fr/"),
        ("GB", "Information Commissioner's Office", "https://ico.org.uk/"),
        ("GR", "Αρχή Προστασίας Δεδομένων Προσωπικού Χαρακτήρα", "https://www.dpa.gr/"),
        ("HR", "Agencija za zaštitu osobnih podataka", "https://azop.hr/"),
        ("HU", "Nemzeti Adatvédelmi és Információszabadság Hatóság", "https://naih.hu/"),
        ("IE", "Data Protection Commission", "https://www.dataprotection.ie/"),
        ("IS", "Persónuvernd", "https://www.personuvernd.is/"),
        ("IT", "Garante per la protezione dei dati personali", "https://www.garanteprivacy.it/"),
        ("LI", "Datenschutzstelle", "https://www.datenschutzstelle.li/"),
        ("LT", "Valstybinė duomenų apsaugos inspekcija", "https://vdai.lrv.lt/"),
        ("LU", "Commission nationale pour la protection des données", "https://cnpd.public.lu/"),
        ("LV", "Datu valsts inspekcija", "https://www.dvi.gov.lv/"),
        ("MT", "Information and Data Protection Commissioner", "https://idpc.org.mt/"),
        ("NL", "Autoriteit Persoonsgegevens", "https://autoriteitpersoonsgegevens.nl/"),
        ("NO", "Datatilsynet", "https://www.datatilsynet.no/"),
        ("PL", "Urząd Ochrony Danych Osobowych", "https://uodo.gov.pl/"),
        ("PT", "Comissão Nacional de Proteção de Dados", "https://www.cnpd.pt/"),
        ("RO", "Autoritatea Națională de Supraveghere a Prelucrării Datelor cu Caracter Personal",
         "https://www.dataprotection.ro/"),
        ("SE", "Integritetsskyddsmyndigheten", "https://www.imy.se/"),
        ("SI", "Informacijski pooblaščenec", "https://www.ip-rs.si/"),
        ("SK", "Úrad na ochranu osobných údajov", "https://dataprotection.gov.sk/"),
    )
}  # fmt: skip
# Who runs the service is established in Norway.
OURS = AUTHORITIES["NO"]
# For other countries: a person in the EEA turns to the authority where they live (Art. 77(1)).
ELSEWHERE = Authority(
    "", "European Data Protection Board", "https://www.edpb.europa.eu/about-edpb/about-edpb/members_en"
)


def authority_of(country: str) -> Authority:
    """The authority of the country, or the list of all for a country that has none here."""
    return AUTHORITIES.get(country, ELSEWHERE)
