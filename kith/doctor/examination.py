"""All checks of one machine and home, in the order a reader wants them."""

from datetime import datetime
from pathlib import Path

from culture_profiles.errors import KithError
from kith import home as homes
from kith.doctor import bodies, home_data, machine, ros, sight, speech
from kith.doctor.check import Check
from nodes.base.models import default_models_dir

_LOCALE = "en_GB"


def examine(home: Path, now: datetime, *, deep: bool = False) -> list[Check]:
    """Look at everything. Takes under two seconds; with `deep`, models are hashed and loaded, which takes longer."""
    try:
        locale = homes.settings(home).locale
    except KithError:
        locale = _LOCALE
    models_dir = default_models_dir()
    return [
        *machine.checks(home),
        *ros.checks(),
        *bodies.checks(),
        *speech.engines(),
        *sight.checks(models_dir),
        *speech.models(models_dir, deep=deep),
        *speech.languages(home, locale, models_dir),
        *home_data.checks(home, now),
    ]


def ready(checks: list[Check]) -> bool:
    """Whether everything that `kith up` needs is ready."""
    return all(check.ready for check in checks if check.needed)
