"""The pages in Chromium: accessible in both themes and sizes, nothing from elsewhere, and tasks in few taps."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from behaviours.day_summary import REQUEST, TOPIC, WORDS, Line
from behaviours.routines.occurrence import State
from nodes.tablet.robots import RobotView, Sighting
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
    "days": "/residents/hanna/days",
    "reminders": "/reminders?resident=hanna",
    "new-reminder": "/reminders/new?resident=hanna",
    "hand-over": "/hand-over",
    "messages": "/messages",
    "message": "/residents/hanna/messages",
    "robots": "/robots",
    "data": "/residents/hanna/data",
    "report": "/report",
    "settings": "/settings",
    "first-run": "/first-run",
    "go-live": "/go-live",
    "import": "/import",
    "pairing": "/pairing",
    "programs": "/programs",
    "passkey": "/passkey",
    "staff": "/staff",
    "named": "/named",
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
    today = home.home.at.date()
    for line in (
        Line(today, TOPIC, "garden"),
        Line(today, WORDS, "I feel lonely"),
        Line(today, REQUEST, "call_family"),
    ):
        home.know(line.key, line.value, "resident")
    home.home.listed = [call("c1"), call("c2", "emergency", "emergency", "Somebody calls for help.")]
    home.home.due = [
        occurrence("o1", State.WAITING, hours=1),
        occurrence("o2", State.DECLINED, hours=-1),
        occurrence("o3", State.CLOSED, "george", hours=-2),
    ]
    home.home.met = (Sighting("george", "", "lounge", 10),)
    home.home.robot = RobotView(
        "", battery=0.72, beside=("hanna",), person_id="hanna", speaking=True,
        caption="Dzień dobry, pani Hanno. Jak się pani dziś czuje?", caption_locale="pl_PL",
    )  # fmt: skip
    at = home.home.at
    home.records.call(lambda: home.sent.add("hanna", "your daughter Ewa", "We come on Sunday.", "p-0", at))
    return served


def _sign_in(
    served: Served,
    context: BrowserContext,
    role: Role = Role.MANAGER,
    name: str = "Anna Price",
    labels: tuple[str, str, str] = ("Your name", "PIN", "Sign in"),
) -> Page:
    served.home.person(role, name)
    page = context.new_page()
    page.goto(f"{served.url}/sign-in")
    page.get_by_label(labels[0]).fill(name)
    page.get_by_label(labels[1]).fill(PIN)
    page.get_by_role("button", name=labels[2], exact=True).click()
    page.wait_for_url(f"{served.url}/now")
    return page


# What a finger cannot hit, and whether something sticks out; with the first details open.
_LOOK = """() => {
  [...document.querySelectorAll("main details")].slice(0, 2).forEach((each) => { each.open = true; });
  const small = [...document.querySelectorAll("a, button, summary, select, input:not([type=hidden]), textarea")]
    .filter((each) => !each.classList.contains("skip") && each.checkVisibility({ checkOpacity: true }))
    .filter((each) => {
      const box = (each.closest("label.tick") || each).getBoundingClientRect();
      return box.width > 1 && Math.min(box.width, box.height) < 43.5;
    })
    .map((each) => each.outerHTML.slice(0, 120));
  return { small, wide: document.documentElement.scrollWidth > innerWidth };
}"""


def _looked_at(page: Page, name: str) -> list[tuple[str, str, list[str]]]:
    seen = page.evaluate(_LOOK)
    found = [(name, "too small to hit", seen["small"])] if seen["small"] else []
    return [*found, (name, "wider than the screen", [])] if seen["wide"] else found


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("theme", "size"), [("light", SIZES[0]), ("dark", SIZES[1])])
def test_every_page_is_accessible_and_whole(
    lived_in: Served, browser: Browser, theme: Literal["light", "dark"], size: tuple[int, int]
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=theme)
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
        found += _looked_at(page, name)
        violations = Axe().run(page).response["violations"]
        found += [(name, each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in violations]
    context.close()
    assert found == []
    assert problems == []
    assert all(url.startswith(lived_in.url) for url in requests)


@pytest.mark.timeout(300)
def test_every_page_fits_at_twice_the_size_and_weighs_little(lived_in: Served, browser: Browser) -> None:
    """A tablet of 800x1280 at 200 % zoom has 400x640 to show a page in."""
    context = browser.new_context(viewport={"width": 400, "height": 640}, device_scale_factor=2, locale="pl-PL")
    page = _sign_in(lived_in, context, labels=("Twoje imię i nazwisko", "PIN", "Zaloguj się"))
    found, weights = [], {}
    loaded: list[int] = []
    page.on("response", lambda answer: loaded.append(int(answer.headers.get("content-length", 0))))
    for name, path in PAGES.items():
        loaded.clear()
        page.goto(lived_in.url + path, wait_until="load")
        found += _looked_at(page, name)
        weights[name] = len(page.content().encode()) + sum(loaded[1:])
    context.close()
    assert found == []
    assert {name: weight for name, weight in weights.items() if weight > 150_000} == {}


def test_a_call_is_accepted_with_the_keyboard_alone(lived_in: Served, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = _sign_in(lived_in, context, Role.CARER)
    for _ in range(40):
        page.keyboard.press("Tab")
        reached = page.evaluate("document.activeElement.innerText.trim()")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        if reached == "I am coming":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("text=The robot says that you are coming")
    assert lived_in.home.home.accepted == [("c2", "Anna Price", False)]
    context.close()


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


def test_nothing_is_exchanged_under_a_finger_and_the_keyboard_keeps_its_place(
    lived_in: Served, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = _sign_in(lived_in, context, Role.CARER)
    page.locator("#come-c2").focus()
    lived_in.home.home.listed = [*lived_in.home.home.listed, call("c9")]
    page.wait_for_selector("[data-alert='c9']")
    assert page.evaluate("document.activeElement.id") == "come-c2"
    page.goto(f"{lived_in.url}/robots")
    chosen = page.get_by_label("To whom?")
    chosen.focus()
    chosen.select_option("hanna")
    robot = lived_in.home.home.robot
    lived_in.home.home.robot = replace(robot, battery=0.31)
    page.wait_for_timeout(2_500)
    assert chosen.input_value() == "hanna"
    assert page.get_by_text("72 %").is_visible()
    chosen.blur()
    page.wait_for_selector("text=31 %")
    context.close()


def test_going_back_shows_what_is_true_now_and_saving_again_makes_no_second(lived_in: Served, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 800, "height": 1280})
    page = _sign_in(lived_in, context, Role.CARER)
    page.goto(f"{lived_in.url}/residents/hanna/profile/likes")
    section = page.locator("[id='food.disliked']")
    for _ in range(2):
        section.locator("summary", has_text="Add").click()
        section.get_by_role("textbox", name="Food they dislike").last.fill("kidneys")
        section.get_by_role("button", name="Save").last.click()
        page.wait_for_selector(".said")
        page.go_back()
        assert section.get_by_text("kidneys", exact=True).is_visible()
    assert sorted(lived_in.home.known("food.disliked")) == ["kidneys", "liver"]
    context.close()
