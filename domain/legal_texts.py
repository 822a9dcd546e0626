"""The sentences that the law or the buyer needs on a document, in each of its languages.

Sources: bokføringsforskriften § 5-1-1 nr. 7 (reverse charge), merverdiavgiftsloven chapters 3 and 6 and §§ 6-21, 6-22,
2-1 and 11-4; for sales within the EU directive 2006/112/EC articles 138, 196 and 226 (11) and (11a), whose own words in
each language are used.
"""

from __future__ import annotations

# Given by the law, so they stand unchanged in every language; a document in another language explains them.
REVERSE_CHARGE_WORDS = "Omvendt avgiftsplikt – Merverdiavgift ikke beregnet"

# Article 226 (11a) of the directive, word for word.
_REVERSE_CHARGE = {
    "nb": "Omvendt avgiftsplikt",
    "nn": "Omvend avgiftsplikt",
    "en": "Reverse charge",
    "sv": "Omvänd betalningsskyldighet",
    "da": "Omvendt betalingspligt",
    "de": "Steuerschuldnerschaft des Leistungsempfängers",
    "fr": "Autoliquidation",
    "es": "Inversión del sujeto pasivo",
    "nl": "Btw verlegd",
    "pl": "Odwrotne obciążenie",
    "fi": "Käännetty verovelvollisuus",
}

# Of a Norwegian seller.
_NORWEGIAN: dict[str, dict[str, str]] = {
    "reverse_charge": {
        "nb": REVERSE_CHARGE_WORDS,
        "nn": REVERSE_CHARGE_WORDS,
        "en": f"{REVERSE_CHARGE_WORDS} (reverse charge – VAT not calculated, to be accounted for by the buyer)",
        "sv": f"{REVERSE_CHARGE_WORDS} (omvänd betalningsskyldighet – köparen redovisar momsen)",
        "da": f"{REVERSE_CHARGE_WORDS} (omvendt betalingspligt – køberen afregner momsen)",
        "de": f"{REVERSE_CHARGE_WORDS} (Steuerschuldnerschaft des Leistungsempfängers – ohne Mehrwertsteuer)",
        "fr": f"{REVERSE_CHARGE_WORDS} (autoliquidation – la TVA est due par l’acheteur)",
        "es": f"{REVERSE_CHARGE_WORDS} (inversión del sujeto pasivo – el comprador liquida el IVA)",
        "nl": f"{REVERSE_CHARGE_WORDS} (btw verlegd – de koper draagt de btw af)",
        "pl": f"{REVERSE_CHARGE_WORDS} (odwrotne obciążenie – VAT rozlicza nabywca)",
        "fi": f"{REVERSE_CHARGE_WORDS} (käännetty verovelvollisuus – ostaja suorittaa arvonlisäveron)",
    },
    "zero": {
        "nb": "Fritatt for merverdiavgift, merverdiavgiftsloven kapittel 6",
        "nn": "Friteke for meirverdiavgift, meirverdiavgiftslova kapittel 6",
        "en": "Zero-rated, Norwegian VAT Act chapter 6",
        "sv": "Momsfri försäljning (nollskattesats), norska mervärdesskattelagen kapitel 6",
        "da": "Momsfrit salg (nulsats), den norske momslov kapitel 6",
        "de": "Mehrwertsteuer zum Nullsatz, norwegisches Mehrwertsteuergesetz Kapitel 6",
        "fr": "Exonération avec droit à déduction (taux zéro), loi norvégienne sur la TVA, chapitre 6",
        "es": "Exención plena (tipo cero), Ley noruega del IVA, capítulo 6",
        "nl": "Nultarief, Noorse btw-wet, hoofdstuk 6",
        "pl": "Stawka zerowa, norweska ustawa o VAT, rozdział 6",
        "fi": "Nollaverokanta, Norjan arvonlisäverolain 6 luku",
    },
    "exempt": {
        "nb": "Unntatt fra merverdiavgift, merverdiavgiftsloven kapittel 3",
        "nn": "Unnateke frå meirverdiavgift, meirverdiavgiftslova kapittel 3",
        "en": "Exempt from VAT, Norwegian VAT Act chapter 3",
        "sv": "Undantaget från moms, norska mervärdesskattelagen kapitel 3",
        "da": "Fritaget for moms, den norske momslov kapitel 3",
        "de": "Von der Mehrwertsteuer befreit, norwegisches Mehrwertsteuergesetz Kapitel 3",
        "fr": "Exonéré de TVA, loi norvégienne sur la TVA, chapitre 3",
        "es": "Exento de IVA, Ley noruega del IVA, capítulo 3",
        "nl": "Vrijgesteld van btw, Noorse btw-wet, hoofdstuk 3",
        "pl": "Zwolnione z VAT, norweska ustawa o VAT, rozdział 3",
        "fi": "Arvonlisäverosta vapautettu, Norjan arvonlisäverolain 3 luku",
    },
    "export": {
        "nb": "Fritatt for merverdiavgift ved utførsel, merverdiavgiftsloven §§ 6-21 og 6-22",
        "nn": "Friteke for meirverdiavgift ved utførsel, meirverdiavgiftslova §§ 6-21 og 6-22",
        "en": "Export, zero-rated, Norwegian VAT Act sections 6-21 and 6-22",
        "sv": "Export, momsfri, norska mervärdesskattelagen §§ 6-21 och 6-22",
        "da": "Eksport, momsfri, den norske momslov §§ 6-21 og 6-22",
        "de": "Ausfuhr, Nullsatz, norwegisches Mehrwertsteuergesetz §§ 6-21 und 6-22",
        "fr": "Exportation exonérée de TVA, loi norvégienne sur la TVA, §§ 6-21 et 6-22",
        "es": "Exportación exenta de IVA, Ley noruega del IVA, §§ 6-21 y 6-22",
        "nl": "Uitvoer, nultarief, Noorse btw-wet §§ 6-21 en 6-22",
        "pl": "Eksport, stawka zerowa, norweska ustawa o VAT, §§ 6-21 i 6-22",
        "fi": "Vienti, nollaverokanta, Norjan arvonlisäverolain §§ 6-21 ja 6-22",
    },
    "outside": {
        "nb": "Selger er ikke registrert i Merverdiavgiftsregisteret. Merverdiavgift er ikke beregnet.",
        "nn": "Seljar er ikkje registrert i Meirverdiavgiftsregisteret. Meirverdiavgift er ikkje rekna ut.",
    },
}

# Of a seller in any country: no Norwegian law or register is named. Reverse charge stands above.
_ANYWHERE: dict[str, dict[str, str]] = {
    "zero": {
        "nb": "Nullsats",
        "nn": "Nullsats",
        "en": "Zero-rated",
        "sv": "Nollskattesats",
        "da": "Nulsats",
        "de": "Nullsatz",
        "fr": "Taux zéro",
        "es": "Tipo cero",
        "nl": "Nultarief",
        "pl": "Stawka zerowa",
        "fi": "Nollaverokanta",
    },
    "exempt": {
        "nb": "Unntatt fra merverdiavgift",
        "nn": "Unnateke frå meirverdiavgift",
        "en": "Exempt from VAT",
        "sv": "Undantaget från moms",
        "da": "Fritaget for moms",
        "de": "Von der Mehrwertsteuer befreit",
        "fr": "Exonéré de TVA",
        "es": "Exento de IVA",
        "nl": "Vrijgesteld van btw",
        "pl": "Zwolnione z VAT",
        "fi": "Arvonlisäverosta vapautettu",
    },
    "export": {
        "nb": "Eksport, uten merverdiavgift",
        "nn": "Eksport, utan meirverdiavgift",
        "en": "Export, no VAT",
        "sv": "Export, utan moms",
        "da": "Eksport, uden moms",
        "de": "Ausfuhr, ohne Mehrwertsteuer",
        "fr": "Exportation, sans TVA",
        "es": "Exportación, sin IVA",
        "nl": "Uitvoer, zonder btw",
        "pl": "Eksport, bez VAT",
        "fi": "Vienti, ilman arvonlisäveroa",
    },
    "outside": {
        "nb": "Selger er ikke registrert for merverdiavgift. Merverdiavgift er ikke beregnet.",
        "nn": "Seljar er ikkje registrert for meirverdiavgift. Meirverdiavgift er ikkje rekna ut.",
        "en": "The seller is not registered for VAT. No VAT is charged.",
        "sv": "Säljaren är inte momsregistrerad. Ingen moms tas ut.",
        "da": "Sælgeren er ikke momsregistreret. Der opkræves ikke moms.",
        "de": "Der Verkäufer ist nicht für die Mehrwertsteuer registriert. Es wird keine Mehrwertsteuer berechnet.",
        "fr": "Le vendeur n’est pas assujetti à la TVA. Aucune TVA n’est facturée.",
        "es": "El vendedor no está registrado a efectos del IVA. No se aplica IVA.",
        "nl": "De verkoper is niet voor de btw geregistreerd. Er wordt geen btw berekend.",
        "pl": "Sprzedawca nie jest zarejestrowany jako podatnik VAT. VAT nie został naliczony.",
        "fi": "Myyjä ei ole arvonlisäverovelvollinen. Arvonlisäveroa ei peritä.",
    },
    "intra_community": {
        "nb": "Merverdiavgiftsfri levering til et annet EU-land (art. 138, direktiv 2006/112/EF)",
        "nn": "Meirverdiavgiftsfri levering til eit anna EU-land (art. 138, direktiv 2006/112/EF)",
        "en": "Intra-Community supply, exempt from VAT (Art. 138 Directive 2006/112/EC)",
        "sv": "Unionsintern leverans, undantagen från moms (art. 138 i direktiv 2006/112/EG)",
        "da": "Momsfri levering til et andet EU-land (art. 138 i direktiv 2006/112/EF)",
        "de": "Steuerfreie innergemeinschaftliche Lieferung (Art. 138 der Richtlinie 2006/112/EG)",
        "fr": "Livraison intracommunautaire exonérée de TVA (art. 138 de la directive 2006/112/CE)",
        "es": "Entrega intracomunitaria exenta de IVA (art. 138 de la Directiva 2006/112/CE)",
        "nl": "Intracommunautaire levering, vrijgesteld van btw (art. 138 Richtlijn 2006/112/EG)",
        "pl": "Wewnątrzwspólnotowa dostawa towarów zwolniona z VAT (art. 138 dyrektywy 2006/112/WE)",
        "fi": "Arvonlisäveroton yhteisömyynti (direktiivin 2006/112/EY 138 artikla)",
    },
    # A Norwegian document says it to a buyer abroad, so in English.
    "eu_service": {
        "nb": "Reverse charge – VAT to be accounted for by the recipient (Art. 196 Directive 2006/112/EC)",
        "nn": "Reverse charge – VAT to be accounted for by the recipient (Art. 196 Directive 2006/112/EC)",
        "en": "Reverse charge – VAT to be accounted for by the recipient (Art. 196 Directive 2006/112/EC)",
        "sv": "Omvänd betalningsskyldighet – köparen redovisar momsen (art. 196 i direktiv 2006/112/EG)",
        "da": "Omvendt betalingspligt – køberen afregner momsen (art. 196 i direktiv 2006/112/EF)",
        "de": "Steuerschuldnerschaft des Leistungsempfängers (Art. 196 der Richtlinie 2006/112/EG)",
        "fr": "Autoliquidation – TVA due par le preneur (art. 196 de la directive 2006/112/CE)",
        "es": "Inversión del sujeto pasivo – el destinatario liquida el IVA (art. 196 de la Directiva 2006/112/CE)",
        "nl": "Btw verlegd naar de afnemer (art. 196 Richtlijn 2006/112/EG)",
        "pl": "Odwrotne obciążenie – VAT rozlicza nabywca (art. 196 dyrektywy 2006/112/WE)",
        "fi": "Käännetty verovelvollisuus – ostaja suorittaa arvonlisäveron (direktiivin 2006/112/EY 196 artikla)",
    },
    "reverse_charge": _REVERSE_CHARGE,
}


def sentence(key: str, language: str, country: str = "NO") -> str:
    """The sentence `key` for a seller in `country`; a language that is not ours reads English."""
    texts = {**_ANYWHERE[key], **(_NORWEGIAN.get(key, {}) if country == "NO" else {})}
    return texts.get(language, texts["en"])
