"""Which VAT treatment a sale probably has, and why; and what to say when a user chooses another.

A proposal, not a judgement: the user may always choose otherwise. Sources: merverdiavgiftsloven §§ 1-2, 2-1, 3-1, 6-21,
6-22 and 11-1; directive 2006/112/EC articles 31 to 59 (place of supply), 138 (intra-community), 146 (export), 194 to 196
(who pays).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from domain.countries import in_eu, in_eu_vat_area, in_norwegian_vat_area, is_northern_ireland, vat_country
from domain.marking import N_
from domain.units import OF_GOODS
from domain.vat import SECTIONS


class Supply(Enum):
    """What is sold. EU law looks at the two quite differently."""

    GOODS = "goods"
    SERVICE = "service"


class VatNumber(Enum):
    """What is known of the buyer's VAT number. UNCHECKED: well-formed, but no register has answered (yet)."""

    NONE = "none"
    UNCHECKED = "unchecked"
    VALID = "valid"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Seller:
    """`country` is ISO 3166 alpha-2; `vat_registered`: in the VAT register of that country."""

    country: str
    vat_registered: bool
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Buyer:
    """`is_business` is False for consumers. `country` is of the buyer's own address, as is `postcode`; goods may go
    elsewhere."""

    country: str
    is_business: bool
    vat_number: VatNumber = VatNumber.NONE
    postcode: str = ""

    def has_eu_services(self, day: date) -> bool:
        """Is the buyer where the EU's rules for services hold? Northern Ireland follows them for goods only, Åland for
        services only."""
        country = vat_country(self.country)
        return in_eu(country, day) and (country == "FI" or in_eu_vat_area(country, self.postcode, day))


@dataclass(frozen=True, slots=True)
class Place:
    """Where the goods are delivered, or the service is used: a country and, where that matters, a postcode."""

    country: str
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """`treatment` is a key of domain.vat.TREATMENTS, or "" where none of them fits. `reason` is a key of REASONS."""

    treatment: str
    reason: str

    @property
    def sentence(self) -> str:
        """Why, in English; templates translate it."""
        return REASONS[self.reason]


REASONS: dict[str, str] = {
    "not_registered": N_("No VAT, because your company is not registered for VAT."),
    "domestic": N_("VAT as usual, because the buyer gets it in your own country."),
    "domestic_service": N_("VAT as usual, because the service is for a buyer in your own country."),
    "svalbard": N_("Export without VAT, because Svalbard and Jan Mayen are outside the Norwegian VAT area."),
    "export_goods": N_("Export without VAT, because the goods leave the country. Keep the customs declaration."),
    "service_abroad": N_("Export without VAT, because the service is used outside the country. Keep proof of that."),
    "service_to_eu_consumer": N_(
        "Export without VAT, because the service is used outside the country. Digital services to consumers in the EU "
        "are taxed where the buyer lives (OSS)."
    ),
    "eu_service": N_(
        "EU business, service: no VAT from you, because the buyer accounts for it (reverse charge, article 196)."
    ),
    "eu_service_unchecked": N_(
        "EU business, service: no VAT from you, because the buyer accounts for it. Check the buyer's VAT number first."
    ),
    "eu_goods": N_("EU business, goods: no VAT from you, because the goods go to a business in another EU country."),
    "eu_goods_unchecked": N_(
        "EU business, goods: no VAT from you, because they go to another EU country. Check the buyer's VAT number first."
    ),
    "eu_no_number": N_("VAT as for a consumer, because the EU buyer has given no VAT number."),
    "eu_invalid_number": N_("VAT as for a consumer, because the buyer's VAT number is not valid."),
    "eu_own_number": N_("VAT as usual, because the buyer's VAT number is not of another EU country."),
    "consumer_service": N_("VAT as usual, because a service to a consumer is taxed where the seller is."),
    "northern_ireland": N_("No proposal, because goods between Northern Ireland and the EU have rules of their own."),
    "eu_consumer": N_(
        "VAT as usual, because the EU buyer is a consumer. Above EUR 10 000 a year the buyer's country taxes (OSS)."
    ),
}

_HAS_NUMBER = (VatNumber.VALID, VatNumber.UNCHECKED)


def propose(seller: Seller, buyer: Buyer, supply: Supply, place: Place, day: date) -> Proposal:
    """The treatment of a sale on `day`. For a service `place` is where it is used (the buyer's, if nobody said)."""
    if not seller.vat_registered:
        return Proposal("outside", "not_registered")
    if seller.country == "NO":
        return _norwegian(buyer, supply, place, day)
    if in_eu(seller.country, day):
        goods = supply is Supply.GOODS
        return _european_goods(seller, buyer, place, day) if goods else _european_service(seller, buyer, day)
    return _elsewhere(seller, buyer, supply, place, day)


def _norwegian(buyer: Buyer, supply: Supply, place: Place, day: date) -> Proposal:
    if in_norwegian_vat_area(place.country, place.postcode):
        return Proposal("standard", "domestic" if supply is Supply.GOODS else "domestic_service")
    if place.country in ("NO", "SJ"):
        return Proposal("export", "svalbard")
    if supply is Supply.GOODS:
        return Proposal("export", "export_goods")
    if not buyer.has_eu_services(day):
        return Proposal("export", "service_abroad")
    if not buyer.is_business:
        return Proposal("export", "service_to_eu_consumer")
    if buyer.vat_number not in _HAS_NUMBER:
        return Proposal("export", "service_abroad")
    # For Norwegian law an export (§ 6-22); the words tell the buyer to account for VAT at home.
    return Proposal("eu_service", _checked("eu_service", buyer))


def _european_goods(seller: Seller, buyer: Buyer, place: Place, day: date) -> Proposal:
    leaves = in_eu_vat_area(seller.country, seller.postcode, day)
    if leaves and not in_eu_vat_area(place.country, place.postcode, day):
        return Proposal("export", "export_goods")
    if vat_country(place.country) == seller.country:
        return Proposal("standard", "domestic")
    if buyer.is_business and buyer.country == seller.country:
        # Article 138: the number must be of another member state than the one the goods leave.
        return Proposal("standard", "eu_own_number")
    return _to_eu_buyer(buyer, "intra_community", "eu_goods")


def _european_service(seller: Seller, buyer: Buyer, day: date) -> Proposal:
    if buyer.country == seller.country:
        return Proposal("standard", "domestic_service")
    if not buyer.has_eu_services(day):
        # Articles 44 and 45: a business is taxed where it is, a consumer where the seller is.
        business = Proposal("export", "service_abroad")
        return business if buyer.is_business else Proposal("standard", "consumer_service")
    return _to_eu_buyer(buyer, "reverse_charge", "eu_service")


def _to_eu_buyer(buyer: Buyer, treatment: str, reason: str) -> Proposal:
    if not buyer.is_business:
        return Proposal("standard", "eu_consumer")
    if buyer.vat_number not in _HAS_NUMBER:
        invalid = buyer.vat_number is VatNumber.INVALID
        return Proposal("standard", "eu_invalid_number" if invalid else "eu_no_number")
    return Proposal(treatment, _checked(reason, buyer))


def _elsewhere(seller: Seller, buyer: Buyer, supply: Supply, place: Place, day: date) -> Proposal:
    """Great Britain, Switzerland and the rest: what stays in the country is taxed, what leaves it is not."""
    if supply is Supply.SERVICE:
        domestic = buyer.country == seller.country
        return Proposal("standard", "domestic_service") if domestic else Proposal("export", "service_abroad")
    if place.country == seller.country:
        return Proposal("standard", "domestic")
    if is_northern_ireland(seller.country, seller.postcode) and in_eu(place.country, day):
        return Proposal("", "northern_ireland")
    return Proposal("export", "export_goods")


def _checked(reason: str, buyer: Buyer) -> str:
    return reason if buyer.vat_number is VatNumber.VALID else f"{reason}_unchecked"


WARNINGS: dict[str, str] = {
    "may_not_charge": N_("You chose a VAT treatment, but a company that is not registered may not charge VAT."),
    "is_registered": N_("You chose no VAT for lack of registration, but your company is registered for VAT."),
    "vat_abroad": N_("You chose to charge VAT, but this sale usually has none."),
    "no_vat_at_home": N_("You chose a sale abroad without VAT, but this sale usually has VAT."),
    "rare_reverse_charge": N_(
        "In Norway the buyer accounts for VAT only on emission allowances and gold. Is this one of them?"
    ),
    "another_reason": N_("You chose no VAT for another reason than the usual one for this sale."),
}
_TAXED = frozenset({"standard", "middle", "low", "raw_fish"})
_EXEMPT = frozenset({"exempt", *SECTIONS})
# What a sale in one's own country may be: which, depends on what is sold, and only the user knows that.
_AT_HOME = _TAXED | _EXEMPT | {"zero"}


def contradictions(chosen: str, proposal: Proposal, seller_country: str) -> tuple[str, ...]:
    """Keys of WARNINGS for a treatment that the user chose although something else was proposed; () when they agree.

    Exempt sales (merverdiavgiftsloven chapter 3) are exempt wherever the buyer is, so they never contradict.
    """
    proposed = proposal.treatment
    if proposed == "outside":
        return () if chosen == "outside" else ("may_not_charge",)
    if chosen == "outside":
        return ("is_registered",)
    if chosen == "reverse_charge" and seller_country == "NO":
        return ("rare_reverse_charge",)
    if not proposed or chosen == proposed or chosen in _EXEMPT:
        return ()
    if (chosen, proposed) == ("export", "eu_service"):
        return ()
    if proposed in _TAXED:
        return () if chosen in _AT_HOME else ("no_vat_at_home",)
    return ("vat_abroad",) if chosen in _TAXED else ("another_reason",)


def follow(chosen: str, proposal: Proposal, seller_country: str, usual: str = "standard") -> str:
    """The treatment of a line once the buyer or the product is another: the same, unless it contradicts `proposal`.

    `usual` is the treatment that the line has at home, such as its product's.
    """
    if not contradictions(chosen, proposal, seller_country):
        return chosen
    fits_at_home = proposal.treatment == "standard" and not contradictions(usual, proposal, seller_country)
    return usual if fits_at_home else proposal.treatment or chosen


def supply_of(unit: str, is_goods: bool | None) -> Supply:
    """Goods or a service: as the product says, else by the unit; what may be either is taken for a service."""
    goods = unit in OF_GOODS if is_goods is None else is_goods
    return Supply.GOODS if goods else Supply.SERVICE
