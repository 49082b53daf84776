"""What every game is: it is told the person's words and answers with its next sentence."""

from dataclasses import dataclass
from typing import Protocol

from behaviours.understanding.reading import Reading


@dataclass(frozen=True)
class Move:
    """What the robot says next in a game. `over`: it has ended."""

    text: str
    over: bool = False


class Game(Protocol):
    """One game with one person; it can be left and taken up again at any time."""

    @property
    def name(self) -> str:
        """The game's name in the talk ("game:proverbs")."""
        ...

    @property
    def title(self) -> str:
        """The game in words ("the proverbs")."""
        ...

    def begin(self) -> Move:
        """The first sentence, or the one to take it up again with."""
        ...

    def again(self) -> str:
        """What is open now, without the rule: the game was left for something else."""
        ...

    def hear(self, reading: Reading) -> Move | None:
        """The answer to the person's words; None: these words are no move in this game."""
        ...
