"""The sentences for files that can not go with an invoice, added to the one table of refusals."""

from __future__ import annotations

from domain.marking import N_
from domain.refusal_texts import TEXTS

ATTACHMENT_TEXTS: dict[str, str] = {
    "attachment.nothing": N_("Choose a file first: PDF, PNG, JPEG, CSV, XLSX or ODS."),
    "attachment.empty": N_("“%(name)s” is empty."),
    "attachment.too_large": N_("“%(name)s” is larger than %(most)s MB, which many customers can not receive."),
    "attachment.too_many": N_("An invoice takes %(most)s files at most. Remove one, or put several into one PDF."),
    "attachment.too_much": N_(
        "Together the files are larger than %(most)s MB, which many customers can not receive. Remove one, or make them "
        "smaller."
    ),
    "attachment.not_allowed": N_(
        "“%(name)s” is none of the kinds that an e-invoice may carry: PDF, PNG, JPEG, CSV, XLSX or ODS."
    ),
    "attachment.macros": N_(
        "“%(name)s” has macros, and customers turn such files away. Save it without macros and add it again."
    ),
    "attachment.not_a_picture": N_("“%(name)s” is damaged and can not be shown as a picture."),
    "attachment.too_many_pixels": N_(
        "The picture “%(name)s” has more than %(most)s million pixels. Make it smaller and add it again."
    ),
    "attachment.is_issued": N_("The invoice is issued, so its files stay as they are."),
}

TEXTS.update(ATTACHMENT_TEXTS)
