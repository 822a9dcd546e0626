"""The sentence that says what happened. It survives a redirect as a short code in the address, never in a cookie.

Only codes listed here are shown, and they take no text from the address, so a crafted link can say nothing of its own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flash:
    """`kind` is done or problem; `text` is a msgid; an undo is a form that posts to `undo_action`."""

    kind: str
    text: str
    undo_action: str | None = None
    undo_label: str | None = None


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for marking a text
    return text


SENTENCES: dict[str, Flash] = {
    "agreement-signed": Flash("done", N_("The agreement is signed. Its PDF will be here in a moment.")),
    "consent-again": Flash("problem", N_("What we ask has changed meanwhile. Please read it and answer again.")),
    "consent-saved": Flash("done", N_("Your answer is saved. It holds from now on.")),
    "hold-made": Flash("done", N_("The order to keep stands.")),
    "hold-lifted": Flash("done", N_("The order is lifted.")),
    "saved": Flash("done", N_("Saved.")),
    "signed-out": Flash("done", N_("You are signed out.")),
    "email-confirmed": Flash("done", N_("Your e-mail address is confirmed. Sign in to continue.")),
    "password-changed": Flash("done", N_("Your password is changed. Sign in with the new one.")),
    "company-created": Flash("done", N_("Your company is ready. Write your first invoice.")),
    "company-selected": Flash("done", N_("You now work for this company.")),
    "customer-saved": Flash("done", N_("The customer is saved.")),
    "vat-valid": Flash("done", N_("The VAT number is valid.")),
    "vat-invalid": Flash(
        "problem", N_("The VAT number is not valid, says the register. Ask the customer for the right one.")
    ),
    "vat-unchecked": Flash(
        "problem", N_("The register did not answer, so the VAT number is neither valid nor not. Try later.")
    ),
    "vat-none": Flash("problem", N_("The customer has no VAT number.")),
    "customer-archived": Flash("done", N_("The customer is archived."), undo_label=N_("Undo")),
    "customer-restored": Flash("done", N_("The customer is back in the list.")),
    "product-saved": Flash("done", N_("The product is saved.")),
    "product-archived": Flash("done", N_("The product is archived."), undo_label=N_("Undo")),
    "product-restored": Flash("done", N_("The product is back in the list.")),
    "draft-saved": Flash("done", N_("The draft is saved.")),
    "draft-deleted": Flash("done", N_("The draft is deleted."), undo_label=N_("Undo")),
    "draft-restored": Flash("done", N_("The draft is back.")),
    "file-added": Flash("done", N_("Added to the invoice.")),
    "file-removed": Flash("done", N_("Removed from the invoice.")),
    "draft-copied": Flash("done", N_("This is a copy. The original is unchanged.")),
    "issued": Flash("done", N_("The invoice is issued.")),
    "issued-and-queued": Flash("done", N_("The invoice is issued and on its way by e-mail.")),
    "issued-for-the-network": Flash("done", N_("The invoice is issued and on its way as an e-invoice.")),
    "issued-to-print": Flash("done", N_("The invoice is issued. Print the PDF, and post it.")),
    "already-issued": Flash("done", N_("This invoice was issued already.")),
    "delivery-queued": Flash("done", N_("The e-mail is on its way.")),
    "einvoice-queued": Flash("done", N_("The e-invoice is being made.")),
    "einvoice-sent": Flash("done", N_("The e-invoice is on its way.")),
    "einvoice-stays": Flash("problem", N_("It can not be sent as an e-invoice now. Below you see why.")),
    "quote-sent": Flash("done", N_("The quote is on its way by e-mail.")),
    "quote-sent-before": Flash("done", N_("This quote was sent already.")),
    "quote-withdrawn": Flash("done", N_("The quote is withdrawn. Its page says so from now on.")),
    "quote-invoiced": Flash("done", N_("This is the invoice of the quote. Look through it, then issue it.")),
    "credited": Flash("done", N_("The credit note is issued.")),
    "credited-and-queued": Flash("done", N_("The credit note is issued and on its way by e-mail.")),
    "corrected": Flash("done", N_("The invoice is credited. Here it is again, to be mended and issued anew.")),
    "already-credited": Flash("done", N_("This credit note was issued already.")),
    "credit-used": Flash("done", N_("The credit is used.")),
    "refunded": Flash("done", N_("The refund is registered.")),
    "link-renewed": Flash("done", N_("The customer's page has a new address. The old one no longer opens.")),
    "plan-started": Flash("done", N_("Saved. The invoices come by themselves from now on.")),
    "plan-paused": Flash("done", N_("Paused. Nothing comes until you go on.")),
    "plan-resumed": Flash("done", N_("It goes on.")),
    "plan-stopped": Flash("done", N_("Stopped. What was made stays.")),
    "plan-caught-up": Flash("done", N_("The drafts are ready. Look through them, then issue them.")),
    "plan-skipped": Flash("done", N_("Skipped. It goes on with the next one.")),
    "payment-registered": Flash("done", N_("The payment is registered.")),
    "payment-reversed": Flash("done", N_("The payment is undone.")),
    "document-received": Flash("done", N_("The document is in your inbox.")),
    "document-paid": Flash("done", N_("The document is marked as paid.")),
    "document-unpaid": Flash("done", N_("The document is unpaid again.")),
    "document-removed": Flash("done", N_("The document is taken out of the inbox."), undo_label=N_("Undo")),
    "document-restored": Flash("done", N_("The document is back in the inbox.")),
    "inbox-address-renewed": Flash(
        "done", N_("Suppliers have a new address from now on. What is sent to the old one does not arrive.")
    ),
    "session-ended": Flash("done", N_("That session is ended.")),
}
