"""A node for the tests of the base class: its action keeps results for a second."""

import sys
from typing import Any

from nodes.base import graph
from nodes.base.node import KithNode
from nodes.base.run import run
from nodes.base.settings import Settings


class Forgetful(KithNode[Settings]):
    name = "forgetful"
    settings_type = Settings

    def configure(self) -> None:
        self.action_server(graph.SPEAK, self._speak, keep_results_s=1)

    def _speak(self, goal: Any) -> Any:
        goal.succeed()
        return graph.SPEAK.type.Result(outcome=graph.SPEAK.type.Result.FINISHED)


if __name__ == "__main__":
    sys.exit(run(Forgetful))
