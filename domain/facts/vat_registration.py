"""From what turnover a Norwegian seller must be in the VAT register.

Source: merverdiavgiftsloven § 2-1 first paragraph: more than NOK 50 000 in a period of twelve months (charities:
NOK 140 000, which is not told apart here).
"""

from __future__ import annotations

# (from day, NOK), oldest first. The first day is the one the law of 2009 took effect.
LIMITS: tuple[tuple[str, str], ...] = (("2010-01-01", "50000"),)
# From which share of the limit it is time to say so.
NEAR = "0.8"
