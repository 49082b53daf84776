"""The kinds of leaves of the mind's tree. Each wraps one function of `behaviours/branches`."""

from collections.abc import Callable

from py_trees.behaviour import Behaviour
from py_trees.common import Status

from behaviours.acts import Act
from behaviours.scene import Heard, Scene


class Leaf(Behaviour):
    """A leaf with the robot's scene; what it decides is added to `acts`."""

    def __init__(self, name: str, scene: Scene, acts: list[Act]) -> None:
        super().__init__(name)
        self.scene = scene
        self.acts = acts


class Answer(Leaf):
    """Answers what was heard; fails where it does not apply, so that the next one is asked."""

    def __init__(
        self, name: str, scene: Scene, acts: list[Act], answer: Callable[[Scene, Heard], list[Act] | None]
    ) -> None:
        super().__init__(name, scene, acts)
        self._answer = answer

    def update(self) -> Status:
        """Success: answered."""
        if self.scene.heard is None:
            return Status.FAILURE
        decided = self._answer(self.scene, self.scene.heard)
        if decided is None:
            return Status.FAILURE
        self.acts += decided
        return Status.SUCCESS


class Beforehand(Leaf):
    """Does something before the answer, and never is the answer itself."""

    def __init__(
        self, name: str, scene: Scene, acts: list[Act], prepare: Callable[[Scene, Heard], list[Act] | None]
    ) -> None:
        super().__init__(name, scene, acts)
        self._prepare = prepare

    def update(self) -> Status:
        """Always failure: the answer is still to come."""
        if self.scene.heard is not None:
            self.acts += self._prepare(self.scene, self.scene.heard) or []
        return Status.FAILURE


class InTime(Leaf):
    """Does what is due while nobody's words are being answered."""

    def __init__(self, name: str, scene: Scene, acts: list[Act], due: Callable[[Scene], list[Act] | None]) -> None:
        super().__init__(name, scene, acts)
        self._due = due

    def update(self) -> Status:
        """Success: something was due."""
        decided = self._due(self.scene) if self.scene.heard is None else None
        self.acts += decided or []
        return Status.FAILURE if decided is None else Status.SUCCESS


class Hold(Leaf):
    """Keeps what is less urgent from beginning while something goes on. Words are answered all the same."""

    def __init__(self, name: str, scene: Scene, acts: list[Act], goes_on: Callable[[Scene], bool]) -> None:
        super().__init__(name, scene, acts)
        self._goes_on = goes_on

    def update(self) -> Status:
        """Running while it goes on."""
        holds = self.scene.heard is None and self._goes_on(self.scene)
        return Status.RUNNING if holds else Status.FAILURE


class Rest(Behaviour):
    """Nothing to do."""

    def update(self) -> Status:
        """Running until something comes."""
        return Status.RUNNING
