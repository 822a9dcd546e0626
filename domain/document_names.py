"""What the file of an invoice, a credit note or a quote is called: `Kreditnota-2-Fjordlys-Design.pdf`."""

from __future__ import annotations

from collections.abc import Mapping

from domain.mail import ascii_file_name, file_name

# As the document itself is headed, in its own language.
_WORDS: Mapping[str, tuple[str, str, str]] = {
    "nb": ("Faktura", "Kreditnota", "Tilbud"),
    "nn": ("Faktura", "Kreditnota", "Tilbod"),
    "en": ("Invoice", "Credit note", "Quote"),
    "sv": ("Faktura", "Kreditfaktura", "Offert"),
    "da": ("Faktura", "Kreditnota", "Tilbud"),
    "de": ("Rechnung", "Rechnungskorrektur", "Angebot"),
    "fr": ("Facture", "Facture d’avoir", "Devis"),
    "es": ("Factura", "Factura rectificativa", "Presupuesto"),
    "nl": ("Factuur", "Creditnota", "Offerte"),
    "pl": ("Faktura", "Faktura korygująca", "Oferta"),
    "fi": ("Lasku", "Hyvityslasku", "Tarjous"),
}
_KINDS = ("invoice", "credit_note", "quote")


def document_file(kind: str, language: str, number: str, seller: str, suffix: str) -> str:
    """The name under which a document is attached and saved; `kind` is that of domain.invoice.Issued."""
    return file_name(_WORDS[language][_KINDS.index(kind)], number, seller, suffix=suffix)


def plain_document_file(kind: str, language: str, number: str, seller: str, suffix: str) -> str:
    """The same in ASCII, for headers and programs that know nothing else."""
    return ascii_file_name(document_file(kind, language, number, seller, suffix))
