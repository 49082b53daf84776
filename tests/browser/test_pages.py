"""The pages in Chromium: accessible in both themes and sizes, nothing from elsewhere, and tasks in few taps."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from behaviours.routines.occurrence import State
from nodes.tablet.robots import RobotView
from nodes.tablet.roles import Role
from tests.browser.conftest import Served
from tests.nodes.tablet.homes import PIN, call, occurrence

SIZES = [(800, 1280), (1280, 800)]
PAGES = {
    "now": "/now",
    "residents": "/residents",
    "card": "/residents/hanna",
    "profile": "/residents/hanna/profile",
    "likes": "/residents/hanna/profile/likes",
    "culture": "/residents/hanna/profile/culture",
    "history": "/residents/hanna/history/topics.liked",
    "consent": "/residents/hanna/consent",
    "reminders": "/reminders?resident=hanna",
    "new-reminder": "/reminders/new?resident=hanna",
    "hand-over": "/hand-over",
    "messages": "/messages",
    "message": "/residents/hanna/messages",
    "robots": "/robots",
    "data": "/residents/hanna/data",
    "report": "/report",
    "settings": "/settings",
    "staff": "/staff",
    "audit": "/audit",
    "health": "/health",
    "sign-in": "/sign-in",
}


@pytest.fixture
def lived_in(served: Served) -> Served:
    """A home with something on every page."""
    home = served.home
    home.know("name.full", "George Bell", about="george")
    for key, value, source in (
        ("name.full", "Hanna Nowak", "carer"),
        ("name.preferred", "Pani Hanna", "resident"),
        ("address.form", "pani Hanno", "resident"),
        ("address.manner", "formal", "carer"),
        ("room.name", "12", "carer"),
        ("language.mother", "pl_PL", "family"),
        ("language.preferred", "en_GB", "resident"),
        ("hearing.aids", "both", "carer"),
        ("hearing.better_ear", "left", "family"),
        ("speech.rate", "slow", "carer"),
        ("topics.liked", "mushroom picking", "resident"),
        ("topics.liked", "dance bands", "family"),
        ("topics.avoided", "the war", "family"),
        ("food.disliked", "liver", "resident"),
        ("culture.region.poland", "a_lot", "resident"),
        ("culture.work.mill_and_textile", "a_little", "family"),
        ("safety.swallowing", "thickened drinks, level 2", "carer"),
        ("consent.memory", "yes", "resident"),
        ("consent.summaries", "yes", "resident"),
        ("consent.summaries.basis", "own", "carer"),
        ("consent.summaries.decider", "Hanna Nowak", "carer"),
    ):
        home.know(key, value, source)
    home.know("topics.liked", "gardening", "observed", "assumed")
    home.home.listed = [call("c1"), call("c2", "emergency", "emergency", "Somebody calls for help.")]
    home.home.due = [
        occurrence("o1", State.WAITING, hours=1),
        occurrence("o2", State.DECLINED, hours=-1),
        occurrence("o3", State.CLOSED, "george", hours=-2),
    ]
    home.home.robot = RobotView(
        "", battery=0.72, beside=("hanna",), person_id="hanna", speaking=True,
        caption="Dzień dobry, pani Hanno. Jak się pani dziś czuje?", caption_locale="pl_PL",
    )  # fmt: skip
    at = home.home.at
    home.records.call(lambda: home.sent.add("hanna", "your daughter Ewa", "We come on Sunday.", "p-0", at))
    return served


def _sign_in(served: Served, context: BrowserContext, role: Role = Role.MANAGER, name: str = "Anna Price") -> Page:
    served.home.person(role, name)
    page = context.new_page()
    page.goto(f"{served.url}/sign-in")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("PIN").fill(PIN)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{served.url}/now")
    return page


@pytest.mark.parametrize(("theme", "size"), [("light", SIZES[0]), ("dark", SIZES[1])])
def test_every_page_is_accessible_and_whole(
    lived_in: Served, browser: Browser, theme: str, size: tuple[int, int]
) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if theme == "dark" else "light"
    )
    requests: list[str] = []
    problems: list[str] = []
    context.on("request", lambda request: requests.append(request.url))
    page = _sign_in(lived_in, context)
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    found = []
    for name, path in PAGES.items():
        page.goto(lived_in.url + path, wait_until="load")
        if pictures := os.environ.get("KITH_PICTURES"):
            page.screenshot(path=str(Path(pictures) / f"{name}-{theme}-{size[0]}.png"), full_page=True)
        for detail in page.locator("details:not([open]) > summary").all()[:2]:
            detail.click()
        violations = Axe().run(page).response["violations"]
        found += [(name, each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in violations]
        for target in page.locator("main a, main button, main summary, main select, nav a, header button").all():
            box = target.bounding_box()
            if box is not None and target.is_visible() and min(box["width"], box["height"]) < 44:
                found.append((name, "target", [target.inner_text()[:40]]))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((name, "wider than the screen", []))
    context.close()
    assert found == []
    assert problems == []
    assert all(url.startswith(lived_in.url) for url in requests)


def test_a_reminder_takes_four_taps(lived_in: Served, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 800, "height": 1280})
    page = _sign_in(lived_in, context, Role.CARER)
    page.goto(f"{lived_in.url}/residents/hanna")
    page.get_by_role("link", name="New reminder").click()
    page.get_by_label("Activity", exact=True).check()
    page.get_by_label("15:00", exact=True).check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("text=The robot will say it")
    assert [each.kind for each in lived_in.home.home.routines] == ["activity"]
    context.close()


def test_calls_come_by_themselves_and_count_as_delivered_on_the_screen(lived_in: Served, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 800, "height": 1280})
    lived_in.home.home.listed = []
    page = _sign_in(lived_in, context, Role.CARER)
    page.wait_for_selector("text=Open calls")
    lived_in.home.home.listed = [call("c9")]
    page.wait_for_selector("[data-alert='c9']")
    page.get_by_role("button", name="I am coming").click()
    page.wait_for_selector("text=The robot says that you are coming")
    assert lived_in.home.home.accepted == [("c9", "Anna Price", False)]
    assert ("c9", "Anna Price") in lived_in.home.home.shown
    context.close()


def test_switching_to_somebody_else_takes_a_name_and_a_pin(lived_in: Served, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 800, "height": 1280})
    page = _sign_in(lived_in, context, Role.CARER)
    lived_in.home.person(Role.CARER, "Ben Shaw")
    page.get_by_role("button", name="Switch").click()
    page.get_by_role("link", name="Ben Shaw").click()
    page.get_by_label("PIN").fill(PIN)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{lived_in.url}/now")
    assert page.locator("header .who .name").inner_text() == "Ben Shaw"
    page.go_back()
    page.go_back()
    assert page.locator("header .who .name").all_inner_texts() != ["Anna Price"]
    context.close()
