"""Passkeys with Chromium's own virtual authenticator."""

from playwright.sync_api import Browser, expect

from nodes.tablet.audit import read_rows
from nodes.tablet.records import records_path
from nodes.tablet.roles import Role
from tests.browser.conftest import Served
from tests.nodes.tablet.homes import PIN


def test_a_carers_own_device_signs_them_in_by_its_lock(served: Served, browser: Browser) -> None:
    anna = served.home.person(Role.CARER, "Anna Price")
    context = browser.new_context()
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    authenticator = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    page.goto(f"{served.url}/sign-in")
    page.get_by_label("Your name").fill("Anna Price")
    page.get_by_label("PIN").fill(PIN)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{served.url}/now")
    page.goto(f"{served.url}/passkey")
    page.get_by_role("button", name="Use this device's lock").click()
    expect(page.get_by_text("This device's own lock now signs you in.")).to_be_visible()
    page.get_by_role("button", name="Switch").click()
    page.get_by_role("button", name="My own device: use its lock").click()
    page.wait_for_url(f"{served.url}/now")
    assert page.locator("header .who .name").inner_text() == "Anna Price"
    assert problems == []
    # The device's lock was not opened: nobody gets in.
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.get_by_role("button", name="Switch").click()
    page.get_by_role("button", name="My own device: use its lock").click()
    expect(page.locator("#passkey-problem")).to_be_visible()
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})
    # Who left the home does not get in with it either.
    served.home.person(Role.MANAGER, "Mary Low")
    served.home.records.call(lambda: served.home.people.end(anna.id))
    page.get_by_role("button", name="My own device: use its lock").click()
    expect(page.get_by_text("This passkey does not open anything here")).to_be_visible()
    rows = [(row.who, row.what, row.keys) for row in read_rows(records_path(served.home.folder))]
    assert (anna.id, "add passkey", anna.id) in rows
    assert (anna.id, "sign in", "passkey") in rows
    context.close()
