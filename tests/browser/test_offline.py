"""Without a connection: what was last seen stays readable, what was typed is not lost, nothing outlives signing out."""

from playwright.sync_api import Browser, BrowserContext, Page, expect

from nodes.tablet.roles import Role
from tests.browser.conftest import Served
from tests.nodes.tablet.homes import PIN


def _signed_in(served: Served, context: BrowserContext) -> Page:
    """On a device whose service worker is at work."""
    served.home.know("name.full", "Hanna Nowak")
    served.home.know("safety.allergy", "penicillin")
    served.home.person(Role.SENIOR_CARER, "Anna Price")
    page = context.new_page()
    page.goto(f"{served.url}/sign-in")
    page.get_by_label("Your name").fill("Anna Price")
    page.get_by_label("PIN").fill(PIN)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{served.url}/now")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return page


_KEPT = "caches.open('kith-seen').then((seen) => seen.keys()).then((found) => found.map((each) => each.url))"


def test_it_can_be_installed(served: Served, browser: Browser) -> None:
    context = browser.new_context()
    page = _signed_in(served, context)
    devtools = context.new_cdp_session(page)
    found = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A private window installs nothing: that alone stands in the way here.
    assert [each["errorId"] for each in found if each["errorId"] != "in-incognito"] == []
    context.close()


def test_what_was_seen_stays_readable_and_says_when(served: Served, browser: Browser) -> None:
    context = browser.new_context()
    page = _signed_in(served, context)
    page.goto(f"{served.url}/residents/hanna")
    assert not page.get_by_text("No connection. This was seen at").is_visible()
    served.stop()
    page.reload()
    assert page.get_by_text("penicillin").is_visible()
    told = page.get_by_text("No connection. This was seen at")
    assert told.is_visible()
    assert "{kept-at}" not in told.inner_text()
    page.goto(f"{served.url}/residents")  # never seen: nothing is made up
    assert page.get_by_role("heading", name="No connection").is_visible()
    served.start()
    page.goto(f"{served.url}/residents/hanna")
    assert not page.get_by_text("No connection. This was seen at").is_visible()
    context.close()


def test_nothing_is_kept_beyond_signing_out_even_without_a_connection(served: Served, browser: Browser) -> None:
    context = browser.new_context()
    page = _signed_in(served, context)
    page.goto(f"{served.url}/residents/hanna")
    page.wait_for_function(f"() => {_KEPT}.then((urls) => urls.some((url) => url.endsWith('/hanna')))")
    served.stop()
    page.get_by_role("button", name="Switch").click()
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    assert page.evaluate(_KEPT) == []
    page.goto(f"{served.url}/residents/hanna")
    assert "penicillin" not in page.content()
    context.close()


def test_what_was_kept_ends_when_the_device_would_have_locked(served: Served, browser: Browser) -> None:
    context = browser.new_context()
    page = _signed_in(served, context)
    page.goto(f"{served.url}/residents/hanna")
    page.wait_for_function(f"() => {_KEPT}.then((urls) => urls.some((url) => url.endsWith('/hanna')))")
    page.evaluate(
        """async () => {
          const seen = await caches.open("kith-seen");
          for (const request of await seen.keys()) {
            const found = await seen.match(request);
            const headers = new Headers(found.headers);
            headers.set("kith-until", String(Date.now() - 1));
            await seen.put(request, new Response(await found.text(), { headers }));
          }
        }"""
    )
    served.stop()
    page.goto(f"{served.url}/residents/hanna")
    assert "penicillin" not in page.content()
    context.close()


def test_what_was_typed_when_the_network_went_is_saved_later_and_once(served: Served, browser: Browser) -> None:
    context = browser.new_context()
    page = _signed_in(served, context)
    page.goto(f"{served.url}/residents/hanna/profile/likes")
    section = page.locator("[id='food.disliked']")
    section.locator("summary").click()
    section.get_by_role("textbox", name="Food they dislike").fill('liver & "onions" <b>')
    served.stop()
    section.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    served.start()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".said")).to_be_visible()
    assert served.home.known("food.disliked") == ('liver & "onions" <b>',)
    context.close()
