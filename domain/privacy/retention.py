"""For how long each class of data is kept. The words for it stand in the privacy policy, section 6."""

from __future__ import annotations

from datetime import timedelta

from domain.privacy.classification import Retention

# Those that end by the calendar. The others end with an account or with an accounting year.
PERIODS: dict[Retention, timedelta] = {
    Retention.SHORT: timedelta(days=7),
    Retention.SESSION: timedelta(days=30),
    Retention.SECURITY: timedelta(days=365),
    Retention.DRAFT: timedelta(days=730),
}
# A deleted draft can be taken back for so long.
DELETED_DRAFT = timedelta(days=30)
FINISHED_JOB = timedelta(days=7)
# An account whose address nobody proved may name somebody who never asked for it.
UNCONFIRMED_ACCOUNT = timedelta(days=7)
# Messages of the embedded mailbox, which stands in for a mail server on a machine of one's own.
KEPT_MAIL = timedelta(days=30)
