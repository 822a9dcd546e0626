"""Countries by ISO 3166-1, and when they were members of the European Union.

Sources: ISO 3166-1 (249 officially assigned codes, 2026); european-union.europa.eu for the dates; directive 2006/112/EC
articles 6 and 7 for what belongs to a member state but not to its VAT, and the other way round.
"""

from __future__ import annotations

ISO_3166 = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO "
    "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE "
    "JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO "
    "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW "
    "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM "
    "TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)

# country -> (first day, last day or None)
EU: dict[str, tuple[str, str | None]] = {
    **dict.fromkeys(("BE", "DE", "FR", "IT", "LU", "NL"), ("1958-01-01", None)),
    **dict.fromkeys(("DK", "IE"), ("1973-01-01", None)),
    "GB": ("1973-01-01", "2020-01-31"),
    "GR": ("1981-01-01", None),
    **dict.fromkeys(("ES", "PT"), ("1986-01-01", None)),
    **dict.fromkeys(("AT", "FI", "SE"), ("1995-01-01", None)),
    **dict.fromkeys(("CY", "CZ", "EE", "HU", "LT", "LV", "MT", "PL", "SI", "SK"), ("2004-05-01", None)),
    **dict.fromkeys(("BG", "RO"), ("2007-01-01", None)),
    "HR": ("2013-07-01", None),
}

# Great Britain followed EU VAT law until this day; since then only goods in Northern Ireland do.
BRITISH_TRANSITION_ENDED = "2020-12-31"

# Article 7: for VAT, sales to Monaco are sales to France. So are those to the Isle of Man to Great Britain.
VAT_OF_ANOTHER: dict[str, str] = {"MC": "FR", "IM": "GB"}

# Article 6: parts of member states where EU VAT law does not hold, by how their postcodes begin.
OUTSIDE_EU_VAT: dict[str, tuple[str, ...]] = {
    "DE": ("27498", "78266"),  # Heligoland, Büsingen
    "ES": ("35", "38", "51", "52"),  # the Canary Islands, Ceuta, Melilla
    "FI": ("22",),  # Åland
    "FR": ("97", "987", "988"),  # the overseas departments and territories
    "GR": ("63086",),  # Mount Athos
    "IT": ("22061", "23041"),  # Campione d'Italia, Livigno
}
