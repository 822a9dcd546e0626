"""A customer made inside the editor: the few fields that stand where the draft says who it is for."""

from __future__ import annotations

from actions.customers import CustomerDetails
from models.ids import new_id
from models.queries.parties import Seller
from routes.forms import customer as customer_form
from routes.forms.base import LONGEST, Form, FormData

KEY = "new_customer"  # the id it will have: there while its fields are open
FIELDS = (
    KEY, "kind", "name", "email", "organisation_number", "vat_number", "fetched_form", "address_line1",
    "address_line2", "postcode", "city", "country",
)  # fmt: skip


def begun(name: str, own: Seller) -> Form:
    """Open fields for a customer of this name, in the company's country."""
    return Form({KEY: str(new_id()), "kind": "business", "name": name, "country": own.party.country})


def typed(data: FormData) -> Form | None:
    """What was typed so far, unread; None while the fields are not open."""
    return Form({name: data.get(name)[:LONGEST] for name in FIELDS}) if KEY in data else None


def parse(data: FormData, own: Seller, language: str) -> tuple[Form, CustomerDetails | None]:
    """What was typed, and the customer it makes, with the language and currency of the company."""
    usual = {"language": [own.language], "currency": [own.currency]}
    fields = {name: data.all(name) for name in FIELDS if name in data}
    read, details = customer_form.parse(FormData({**fields, **usual}), language)
    return shown(read, data), details


def shown(form: Form, data: FormData) -> Form:
    """The same form with the fields that stand in the editor, and no other."""
    values = {name: form.values.get(name, "") for name in FIELDS}
    return Form({**values, KEY: data.get(KEY)[:36]}, form.errors)
