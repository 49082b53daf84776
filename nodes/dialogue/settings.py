"""What the dialogue node can be told."""

from dataclasses import dataclass
from pathlib import Path

from nodes.base.settings import Settings, setting


@dataclass(frozen=True, kw_only=True)
class DialogueSettings(Settings):
    """What the dialogue node can be told."""

    robot: str = setting("", "The robot's name; empty for a home's only robot")
    time_zone: str = setting("", "Time zone of the home, such as Europe/London; empty: the machine's own")
    evidence_expires_s: float = setting(30.0, "Evidence of who is here lasts so many seconds", low=5.0, high=300.0)
    answer_window_s: float = setting(20.0, "Seconds to wait for the answer to a reminder", low=3.0, high=120.0)
    greet_after_s: float = setting(1.5, "Seconds somebody who came is left to speak first", low=0.0, high=60.0)
    least_confidence: float = setting(0.3, "Below this the robot asks whether it heard right", low=0.0, high=1.0)
    simulation: bool = setting(
        False, "The residents are simulated: culture packs that no community has reviewed count in full"
    )
    show_behaviour: bool = setting(
        False, "Tell on /diagnostics which behaviour acts, not only which branch of the tree: for simulation alone"
    )
    understanding: bool = setting(True, "Liken what is said to examples, beside the patterns; by meaning if installed")
    models_dir: str = setting("", "Folder of the models; empty: where `kith models install` puts them")
    open_talk: bool = setting(
        False, "Let an added language model answer small talk; every sentence passes the guard before it is spoken"
    )
    seed: int = setting(
        0, "In simulation: choose among equal words the same way in every run; 0: by chance", low=0, high=2**31 - 1
    )
    come_back_s: float = setting(
        6.0, "After a start, seconds in which evidence of who is here may still come in", low=0.0, high=30.0
    )

    @property
    def folder(self) -> Path | None:
        """Where this robot keeps what must outlive a restart; None: it keeps nothing."""
        return Path(self.home_dir) / "robots" / (self.robot or "robot") if self.home_dir else None
