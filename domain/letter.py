"""A letter to an account holder, decided but not yet written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail about an account: `templates/emails/<template>.html` and `.txt` say it in `language`.

    `context` holds what the templates name, links included; a link is a secret, so a letter is never logged.
    """

    recipient: str
    language: str
    template: str
    context: Mapping[str, str] = field(default_factory=dict, repr=False)
