"""Why an e-mail was not delivered: a word the interface knows a sentence for, and what the server said."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 300
_SPACES = re.compile(r"\s+")

# The sentences stand in templates/deliveries/_problem.html; a test holds that each code has one.
CODES = (
    "address_refused",  # the receiving server does not know, or does not want, the recipient
    "message_refused",  # it does not want the message
    "too_large",
    "server_busy",  # it said: later
    "server_unreachable",
    "server_insecure",  # no encryption, or a certificate that proves nothing
    "sign_in_refused",  # our own mail server does not know us
    "sender_refused",  # our own mail server does not let us send as this sender
    "document_failed",  # the PDF could not be made
    "network_refused",  # the access point, or the receiver's, does not want the e-invoice
    "network_unreachable",  # the access point can not be reached, or is busy
    "network_sign_in",  # the access point does not know us
    "receiver_absent",  # the network's directory says that the customer takes no e-invoices
    "network_pending",  # handed over, and nothing more is known yet
    "network_absent",  # there is no access point any more
    "einvoice_waits",  # the rules can not be asked just now, so there is no e-invoice yet
    "einvoice_missing",  # there is no e-invoice that may travel over the network
    "restricted",  # the customer's data, or the document, is only kept (GDPR Art. 18)
    "unexpected",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` is one of CODES; `said` is what the server answered, on one line, or nothing."""

    code: str
    said: str = ""

    def __str__(self) -> str:
        """As stored in `message.problem`."""
        return f"{self.code}: {self.said}"[:LONGEST] if self.said else self.code

    @classmethod
    def parse(cls, text: str) -> Problem:
        """What `str` made a text of. Unknown codes become `unexpected`: they may come from another version."""
        code, _, said = text.partition(": ")
        return cls(code, said) if code in CODES else cls("unexpected", text)


def one_line(text: str) -> str:
    """What a server said, as one line that can be shown: 200 characters at most, nothing unprintable."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return _SPACES.sub(" ", shown).strip()[:200]
