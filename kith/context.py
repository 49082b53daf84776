"""What every subcommand is given."""

from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path


def default_home() -> Path:
    """The platform's data folder for Kith, for example ~/.local/share/kith."""
    return user_data_path("kith", appauthor=False)


@dataclass(frozen=True)
class Context:
    """The home that a command works on."""

    home: Path
