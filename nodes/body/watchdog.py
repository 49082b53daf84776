"""A body stands still when nobody tells it to move any more: its own rule, whatever happened above it."""

SILENCE_S = 0.25
"""Seconds after the last command at which every body stands still."""


class Watchdog:
    """When the last command runs out. Times are steady seconds."""

    def __init__(self, silence_s: float = SILENCE_S) -> None:
        self._silence_s = silence_s
        self._deadline = float("-inf")

    def heard(self, now_s: float) -> None:
        """A command arrived."""
        self._deadline = now_s + self._silence_s

    @property
    def deadline_s(self) -> float:
        """Until when the body may move; minus infinity before the first command."""
        return self._deadline

    def may_move(self, now_s: float) -> bool:
        """Whether the last command still counts."""
        return now_s < self._deadline
