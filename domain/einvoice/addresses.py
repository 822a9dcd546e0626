"""Which scheme a number belongs to, in registers (ISO 6523, BT-30) and on the Peppol network (EAS, BT-34)."""

from __future__ import annotations

from domain.countries import COUNTRIES
from domain.einvoice.document import Identifier
from domain.party import Party

# ISO 6523 register of the organisation number.
_REGISTERS = {"NO": "0192", "SE": "0007", "DK": "0184", "FI": "0212"}
# EAS codes for the VAT number, with its prefix.
_VAT_SCHEMES = {
    "AD": "9922", "AL": "9923", "AT": "9914", "BA": "9924", "BE": "9925", "BG": "9926", "CH": "9927", "CY": "9928",
    "CZ": "9929", "DE": "9930", "EE": "9931", "ES": "9920", "FR": "9957", "GB": "9932", "GR": "9933",
    "HR": "9934", "HU": "9910", "IE": "9935", "IT": "0211", "LI": "9936", "LT": "9937", "LU": "9938", "LV": "9939",
    "MC": "9940", "ME": "9941", "MK": "9942", "MT": "9943", "NL": "9944", "PL": "9945", "PT": "9946", "RO": "9947",
    "RS": "9948", "SI": "9949", "SK": "9950", "SM": "9951", "TR": "9952", "VA": "9953",
}  # fmt: skip

# The EAS list: every scheme that an address on the network may have (BT-34, BT-49), as of Peppol BIS Billing 3.0.21.
SCHEMES = frozenset((
    "0002", "0007", "0009", "0060", "0088", "0096", "0097", "0106", "0130", "0135", "0142", "0151", "0183",
    "0184", "0188", "0190", "0191", "0192", "0195", "0196", "0198", "0199", "0200", "0201", "0204", "0208",
    "0209", "0210", "0211", "0216", "0218", "0221", "0225", "0230", "0235", "0240", "0242", "0244", "0245",
    "0246", "0248", "9910", "9913", "9914", "9915", "9918", "9919", "9920", "9922", "9923", "9924", "9925",
    "9926", "9927", "9928", "9929", "9930", "9931", "9932", "9933", "9934", "9935", "9936", "9937", "9938",
    "9939", "9940", "9941", "9942", "9943", "9944", "9945", "9946", "9947", "9948", "9949", "9950", "9951",
    "9952", "9953", "9957", "9959",
))  # fmt: skip


def legal_id(party: Party) -> Identifier | None:
    """The number in the national register, with its scheme where there is one (BT-30, BT-47)."""
    if not party.organisation_number:
        return None
    scheme = _REGISTERS.get(party.country, "")
    # A Danish number carries its country in this scheme (PEPPOL-COMMON-R042).
    prefix = "DK" if scheme == "0184" and not party.organisation_number.startswith("DK") else ""
    return Identifier(prefix + party.organisation_number, scheme)


def endpoint(party: Party) -> Identifier | None:
    """Where the party is probably reached on the network: by its organisation number, or abroad by its VAT number.

    Whether it really is registered there only a lookup can say. None for a consumer.
    """
    registered = legal_id(party)
    if registered is not None and party.country in ("NO", "SE", "DK"):
        return registered
    if party.country == "FI":
        return _finnish(party)
    scheme = _VAT_SCHEMES.get(party.country)
    return Identifier(party.vat_number, scheme) if scheme and vat_id(party) else None


def _finnish(party: Party) -> Identifier | None:
    """The OVT code: 0037 and the number of the business, which the VAT number has after FI. Peppol has taken no other
    Finnish number since 3.0.21 (CL008)."""
    number = party.organisation_number or vat_id(party).removeprefix("FI")
    return Identifier(f"0037{number}", "0216") if number else None


def vat_id(party: Party) -> str:
    """The VAT number when it begins with a country, as it must (BR-CO-09): other tax numbers have no place."""
    number = party.vat_number
    if not number and party.country == "NO" and party.vat_registered and party.organisation_number:
        return f"NO{party.organisation_number}MVA"
    return number if number[:2] in (*COUNTRIES, "EL", "XI") else ""
