"""The sentences for what the forms of people and companies refuse, added to the one table of them."""

from __future__ import annotations

from domain.marking import N_
from domain.refusal_texts import TEXTS

ACCOUNT_TEXTS: dict[str, str] = {
    # Signing in, one's own account
    "sign_in.wrong": N_("The e-mail address or the password is not right. Try again, or choose a new password."),
    "sign_in.wait": N_("Too many tries. Wait %(seconds)s seconds, then try again."),
    "password.wrong": N_("This is not your password. Try again."),
    "erasure.not_the_same": N_("This must say %(wanted)s, letter by letter."),
    "email.unchanged": N_("This is the address you have already."),
    # The company
    "organisation_number.needed_for_vat": N_(
        "A company that is registered for VAT has an organisation number. Write it here, or say that you are not "
        "registered."
    ),
    "bic.without_iban": N_("A BIC belongs to an IBAN. Write the IBAN as the account, or leave the BIC empty."),
    "kid.too_short": N_("Your invoice numbers do not fit in a KID this short. Choose at least %(least)s."),
    "company.numbers_in_use": N_("The first invoice is issued already, so the numbers go on from there."),
    "company.changed_elsewhere": N_(
        "Somebody else saved these settings after you opened them. Your answers are still here: look through them and "
        "save again."
    ),
    "field.stored_now": N_("Saved meanwhile: %(value)s."),
    "accent.invalid": N_("Write a colour as six digits and letters, such as #1f5c66."),
    "accent.too_light": N_("This colour is too light to read on white paper. Choose a darker one."),
    # The logo
    "logo.missing": N_("Choose a picture first."),
    "logo.too_large": N_("The picture is larger than %(most)s MB. Choose a smaller one."),
    "logo.not_a_picture": N_("We can not read this as a picture. Use a PNG, JPEG or WebP file."),
    "logo.too_many_pixels": N_("The picture has too many pixels. Make it smaller, at most %(most)s megapixels."),
}

TEXTS.update(ACCOUNT_TEXTS)
