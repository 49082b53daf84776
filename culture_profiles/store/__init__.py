"""The profiles of a home on disk: encrypted, append-only, one writer."""

from culture_profiles.store.erasure import BACKUPS, RECORDS, STORE, Hold, Receipt, Records
from culture_profiles.store.problems import StoreInUseError
from culture_profiles.store.profile_store import (
    NO_SUCH_RESIDENT,
    Change,
    ProfileStore,
    Question,
    StaffMustDecide,
    holds_in,
    questions_in,
    receipts_in,
    records_in,
    values_of,
    verify_file,
)

__all__ = [
    "BACKUPS",
    "NO_SUCH_RESIDENT",
    "RECORDS",
    "STORE",
    "Change",
    "Hold",
    "ProfileStore",
    "Question",
    "Receipt",
    "Records",
    "StaffMustDecide",
    "StoreInUseError",
    "holds_in",
    "questions_in",
    "receipts_in",
    "records_in",
    "values_of",
    "verify_file",
]
