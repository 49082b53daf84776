"""The ten tasks of docs/tablet-tasks.md, with as many taps as that page says and none over eight."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from nodes.tablet.roles import Role
from tests.browser.conftest import Served
from tests.nodes.tablet.homes import PIN, call

TASKS = Path(__file__).parents[2] / "docs" / "tablet-tasks.md"
_ROW = re.compile(r"^\| (\d+) \| [^|]+ \| (\d+) \|$", re.MULTILINE)


class Finger:
    """Taps, and counts them. Typing into a field takes one tap to reach it."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, what: Locator) -> None:
        self.taps += 1
        what.click()

    def link(self, name: str) -> None:
        self.tap(self.page.get_by_role("link", name=name, exact=True))

    def button(self, name: str) -> None:
        self.tap(self.page.get_by_role("button", name=name, exact=True))

    def type(self, label: str, text: str) -> None:
        field = self.page.get_by_label(label, exact=True).first
        self.tap(field)
        field.fill(text)


def _to_likes(finger: Finger) -> None:
    finger.link("Residents")
    finger.tap(finger.page.get_by_role("link", name="Hanna Nowak"))
    finger.link("Profile")
    finger.link("Likes and dislikes")


@pytest.mark.parametrize("size", [(800, 1280), (1280, 800)])
def test_each_task_takes_as_many_taps_as_written(served: Served, browser: Browser, size: tuple[int, int]) -> None:
    home = served.home
    home.know("name.full", "Hanna Nowak")
    home.know("culture.region.poland", "a_lot", "resident")
    for value in ("chess", "bingo"):
        home.know("topics.liked", value, "observed", "assumed")
    home.home.listed = [call("c1")]
    home.person(Role.CARER, "Anna Price")
    home.person(Role.CARER, "Ben Shaw")
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.goto(f"{served.url}/sign-in")
    taps: dict[int, int] = {}

    def task(number: int, act: Callable[[Finger], None], done: str) -> None:
        finger = Finger(page)
        act(finger)
        page.wait_for_selector(done)
        taps[number] = finger.taps

    def sign_in(finger: Finger) -> None:
        finger.type("Your name", "Anna Price")
        finger.type("PIN", PIN)
        finger.button("Sign in")

    def reminder(finger: Finger) -> None:
        finger.link("New reminder")
        for tile in ("Activity", "15:00"):
            finger.taps += 1
            page.get_by_label(tile, exact=True).check()
        finger.button("Save")

    def out(finger: Finger) -> None:
        finger.link("Residents")
        finger.tap(page.get_by_role("link", name="Hanna Nowak"))
        finger.button("Out")

    def confirm(finger: Finger) -> None:
        _to_likes(finger)
        finger.button("Confirm: chess")

    def never(finger: Finger) -> None:
        _to_likes(finger)
        finger.button("Never assume: bingo")

    def dislike(finger: Finger) -> None:
        _to_likes(finger)
        section = page.locator("[id='food.disliked']")
        finger.tap(section.locator("summary"))
        finger.taps += 1
        section.get_by_role("textbox", name="Food they dislike").fill("liver")
        finger.tap(section.get_by_role("button", name="Save"))

    def culture(finger: Finger) -> None:
        finger.link("Residents")
        finger.tap(page.get_by_role("link", name="Hanna Nowak"))
        finger.link("Profile")
        finger.link("Where they come from")
        finger.button("Not me")

    def switch(finger: Finger) -> None:
        finger.tap(page.locator("header .who"))
        finger.tap(page.get_by_role("link", name="Ben Shaw"))
        finger.type("PIN", PIN)
        finger.button("Sign in")

    task(1, sign_in, "text=Open calls")
    task(2, lambda finger: finger.button("I am coming"), "text=The robot says that you are coming")
    task(3, out, "text=Saved.")
    task(4, reminder, "text=The robot will say it")
    task(5, confirm, ".said")
    task(6, never, ".said")
    task(7, dislike, ".said")
    task(8, lambda finger: finger.button("Undo"), "text=Taken back.")
    task(9, culture, ".said")
    task(10, switch, "text=Ben Shaw")
    context.close()
    assert home.known("topics.liked") == ("chess",)
    assert home.known("food.disliked") == ()
    assert home.known("culture.region.poland") == ("not_me",)
    written = {int(number): int(count) for number, count in _ROW.findall(TASKS.read_text())}
    assert taps == written
    assert max(taps.values()) <= 8
