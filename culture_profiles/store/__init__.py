"""The profiles of a home on disk: encrypted, append-only, one writer."""

from culture_profiles.store.profile_store import (
    ProfileStore as ProfileStore,
)
from culture_profiles.store.profile_store import (
    Question as Question,
)
from culture_profiles.store.profile_store import (
    StaffMustDecide as StaffMustDecide,
)
from culture_profiles.store.profile_store import (
    StoreInUseError as StoreInUseError,
)
from culture_profiles.store.profile_store import (
    questions_in as questions_in,
)
