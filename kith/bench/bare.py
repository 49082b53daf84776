"""A node that does nothing: the least that a life-cycle node costs. Prints a line when it is active."""

import sys
from typing import ClassVar

from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings


class Bare(KithNode[Settings]):
    """Nothing but the life cycle and its diagnostics."""

    name: ClassVar[str] = "bare"
    settings_type: ClassVar[type[Settings]] = Settings

    def activate(self) -> None:
        """Tell who measures."""
        print("active", flush=True)


if __name__ == "__main__":
    sys.exit(run(Bare))
