"""What the robot keeps on its own disk, and the facts it hands to the home's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rclpy.task import Future

from behaviours.mind import Mind
from culture_profiles.errors import KithError
from culture_profiles.fact import Fact
from nodes.base.durable import FileInUseError
from nodes.base.node import KithNode
from nodes.base.profile_client import ProfileClient
from nodes.dialogue.outbox import Outbox
from nodes.dialogue.prompts import Prompts
from nodes.dialogue.settings import DialogueSettings


class Keeping:
    """The robot's files: calls that wait and the mind's state (`outbox`), reminders given (`prompts`)."""

    def __init__(self, node: KithNode[DialogueSettings], mind: Mind) -> None:
        """Open the files and give the mind its state of before. Errors: FileInUseError; a broken file is only told."""
        self._node, self._mind = node, mind
        folder = node.settings.folder
        self.outbox = self._open_outbox(folder / "outbox.db" if folder is not None else None)
        self.prompts = self._open_prompts(folder / "prompts.db" if folder is not None else None)

    def _open_outbox(self, path: Path | None) -> Outbox:
        outbox: Outbox | None = None
        try:
            outbox = Outbox(path)
            if state := outbox.state():
                self._mind.restore(state)
        except FileInUseError:
            raise
        except (KithError, KeyError, TypeError, ValueError) as problem:
            # A mind without its notes still hears a call for help; one that does not start hears nothing.
            line = str(problem) if isinstance(problem, KithError) else "the mind's notes cannot be read: begun anew"
            self._node.health.error("outbox", line)
        return outbox or Outbox(None)

    def _open_prompts(self, path: Path | None) -> Prompts:
        try:
            return Prompts(path)
        except FileInUseError:
            self.outbox.close()
            raise
        except KithError as problem:
            self._node.health.error("prompts", str(problem))
            return Prompts(None)

    def remember(self) -> None:
        """Write the mind's state."""
        try:
            self.outbox.remember(self._mind.state())
        except KithError as problem:
            self._node.health.error("outbox", str(problem))

    def note(self, write: Callable[[Prompts], None]) -> None:
        """Write down what becomes of a reminder."""
        try:
            write(self.prompts)
            self._node.health.clear("prompts")
        except KithError as problem:
            self._node.health.error("prompts", str(problem))

    def residents(self) -> set[str]:
        """Of whom there is a note here."""
        waiting = {alert.resident_id for alert, _ in self.outbox.waiting() if alert.resident_id}
        return waiting | self.prompts.residents() | self._mind.remembered()

    def erase(self, resident_id: str) -> None:
        """The home has erased a resident: no note of them stays. Errors: KithError."""
        self._mind.forget(resident_id)
        self.outbox.remember(self._mind.state())
        self.outbox.scrub()
        self.prompts.erase(resident_id)

    def close(self) -> None:
        """Close the files."""
        self.outbox.close()
        self.prompts.close()


def store(node: KithNode[Any], profiles: ProfileClient, facts: list[Fact], then: Callable[[bool], None]) -> None:
    """Hand facts to the home; `then` is called once with whether all of them are on its disk."""
    waiting, kept = len(facts), True

    def written(done: Future) -> None:
        nonlocal waiting, kept
        waiting -= 1
        if done.exception() is not None:
            kept = False
            node.health.count("facts not kept")
        if not waiting:
            then(kept)

    for fact in facts:
        future = profiles.set_fact(fact)
        if future.done():
            written(future)
        else:
            future.add_done_callback(written)
