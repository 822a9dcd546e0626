"""The sentences for copies of data that can not be brought into a company, added to the one table of refusals."""

from __future__ import annotations

from domain.marking import N_
from domain.refusal_texts import TEXTS

IMPORT_TEXTS: dict[str, str] = {
    "import.nothing": N_("Choose the ZIP file first."),
    "import.too_large": N_("The file is larger than 512 MB. Write to us, and we will help you."),
    "import.not_a_zip": N_("This is not a ZIP, or it is damaged. Download the copy again and try once more."),
    "import.not_a_copy": N_("This ZIP is not a copy of data from SmartFaktura."),
    "import.other_version": N_("This copy was made by another version of SmartFaktura (%(version)s)."),
    "import.of_account": N_(
        "There is no company in this copy: it holds an account alone. An owner or administrator can make one with it."
    ),
    "import.other_company": N_("This copy is of another company: %(company)s."),
    "import.unpacked_too_large": N_("Unpacked, this ZIP would be larger than any copy that we make."),
    "import.unsafe": N_("This ZIP has files with names or kinds that our copies never have, so it was not opened."),
    "import.changed": N_("“%(file)s” is not what it was when the copy was made. Use the ZIP as you downloaded it."),
    "import.incomplete": N_("“%(file)s” is missing from the ZIP. Use it as you downloaded it."),
    "import.row": N_("A row of “%(file)s” can not be read. Use the ZIP as you downloaded it."),
    "import.contradicts": N_("The data in the copy contradicts itself, so nothing was brought in."),
    "import.sums": N_("Invoice %(number)s does not add up, so nothing was brought in."),
    "import.numbers_missing": N_(
        "Number %(number)s is missing among the invoices. They must be without a gap, so nothing was brought in."
    ),
    "import.not_empty": N_(
        "This company has invoices, quotes or received documents already. Make a new company, and bring the data there."
    ),
    "import.failed": N_("It could not be done just now. Nothing was brought in; try again."),
}

TEXTS.update(IMPORT_TEXTS)
