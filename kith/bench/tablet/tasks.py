"""The ten tasks of docs/tablet-tasks.md, done in a browser: taps and seconds of page time for each.

The home needs a resident Hanna Nowak with culture.region.poland, chess and bingo assumed as liked topics, an open call,
and Anna Price and Ben Shaw as carers with the PIN that is given.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

LANDSCAPE, UPRIGHT = (1280, 800), (800, 1280)


@dataclass(frozen=True)
class Done:
    """What a task took. `seconds`: what the pages took; a finger that is never slow."""

    taps: int
    seconds: float


class Finger:
    """Taps, and counts them. Typing into a field takes one tap to reach it."""

    def __init__(self, page: "Page") -> None:
        self.page, self.taps = page, 0

    def tap(self, what: "Locator") -> None:
        """Once."""
        self.taps += 1
        what.click()

    def tick(self, what: "Locator") -> None:
        """A tile that is chosen by tapping it."""
        self.taps += 1
        what.check()

    def link(self, name: str) -> None:
        """A link of this name."""
        self.tap(self.page.get_by_role("link", name=name, exact=True))

    def button(self, name: str) -> None:
        """A button of this name."""
        self.tap(self.page.get_by_role("button", name=name, exact=True))

    def type(self, label: str, text: str) -> None:
        """Reach a field, and fill it."""
        field = self.page.get_by_label(label, exact=True).first
        self.tap(field)
        field.fill(text)


def do_tasks(page: "Page", url: str, pin: str) -> dict[str, Done]:
    """All ten, in order, from the sign-in page on. Errors: playwright's, where a page is not as it should be."""
    page.goto(f"{url}/sign-in")
    return {name: _timed(page, act, awaited) for name, act, awaited in _tasks(page, pin)}


def _timed(page: "Page", act: Callable[[Finger], None], awaited: str) -> Done:
    finger, began = Finger(page), time.perf_counter()
    act(finger)
    page.wait_for_selector(awaited)
    return Done(finger.taps, round(time.perf_counter() - began, 3))


def _tasks(page: "Page", pin: str) -> list[tuple[str, Callable[[Finger], None], str]]:
    def sign_in(finger: Finger) -> None:
        finger.type("Your name", "Anna Price")
        finger.type("PIN", pin)
        finger.button("Sign in")

    def to_hanna(finger: Finger) -> None:
        finger.link("Residents")
        finger.tap(page.get_by_role("link", name="Hanna Nowak"))

    def out(finger: Finger) -> None:
        to_hanna(finger)
        finger.button("Out")

    def reminder(finger: Finger) -> None:
        finger.link("New reminder")
        for tile in ("Activity", "15:00"):
            finger.tick(page.get_by_label(tile, exact=True))
        finger.button("Save")

    def to_likes(finger: Finger) -> None:
        to_hanna(finger)
        finger.link("Profile")
        finger.link("Likes and dislikes")

    def confirm(finger: Finger) -> None:
        to_likes(finger)
        finger.button("Confirm: chess")

    def never(finger: Finger) -> None:
        to_likes(finger)
        finger.button("Never assume: bingo")

    def dislike(finger: Finger) -> None:
        to_likes(finger)
        section = page.locator("[id='food.disliked']")
        finger.tap(section.locator("summary"))
        finger.taps += 1
        section.get_by_role("textbox", name="Food they dislike").fill("liver")
        finger.tap(section.get_by_role("button", name="Save"))

    def culture(finger: Finger) -> None:
        to_hanna(finger)
        finger.link("Profile")
        finger.link("Where they come from")
        finger.button("Not me")

    def switch(finger: Finger) -> None:
        finger.tap(page.locator("header .who"))
        finger.tap(page.get_by_role("link", name="Ben Shaw"))
        finger.type("PIN", pin)
        finger.button("Sign in")

    return [
        ("sign_in", sign_in, "text=Open calls"),
        ("accept_call", lambda finger: finger.button("I am coming"), "text=The robot says that you are coming"),
        ("state_of_life", out, "text=Saved."),
        ("reminder", reminder, "text=The robot will say it"),
        ("confirm_assumed", confirm, ".said"),
        ("never_assume", never, ".said"),
        ("add_dislike", dislike, ".said"),
        ("undo", lambda finger: finger.button("Undo"), "text=Taken back."),
        ("background", culture, ".said"),
        ("switch", switch, "text=Ben Shaw"),
    ]
