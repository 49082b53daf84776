"""Every route with every role: allowed or refused as roles.yaml says, and nobody sees another's resident."""

import re
from pathlib import Path

import pytest
from starlette.routing import Mount
from starlette.routing import Route as StarletteRoute

from culture_profiles.errors import KithError
from nodes.tablet.api.app import WHERE
from nodes.tablet.roles import NAMED, Role, Scope, may, read_roles, roles
from nodes.tablet.site.routes import ROUTES
from nodes.tablet.site.visit import Route
from tests.nodes.tablet.homes import TestHome

_LIVE = "/live"
_FILLED = {"resident_id": "{}", "section": "calling", "key": "food.liked"}


def _path(route: Route, resident: str) -> str:
    return re.sub(r"{(\w+)}", lambda part: _FILLED[part[1]].format(resident), route.path)


def _status(tablet: TestHome, role: Role, route: Route, resident: str) -> int:
    device = tablet.signed_in(role, f"{role} {len(tablet.records.call(tablet.people.all))}")
    path = _path(route, resident)
    return (device.get(path) if route.method == "GET" else device.post(path)).status


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_what_the_table_says_and_nothing_else(tablet: TestHome, role: Role) -> None:
    tablet.know("consent.sharing", "yes")
    tablet.know("consent.sharing.basis", "own")
    tablet.know("consent.sharing.decider", "Hanna Nowak")
    for route in ROUTES:
        if route.path.endswith(_LIVE) and may(role, route.action):
            continue  # a stream without an end
        about = "hanna" if "{resident_id}" in route.path else ""
        status = _status(tablet, role, route, "hanna")
        allowed = may(role, route.action, "hanna" if role in NAMED else "", about, Scope.BOTH)
        assert (status != 403) == allowed, (role, route.method, route.path, status)


@pytest.mark.parametrize("role", sorted(NAMED))
def test_who_is_named_for_one_resident_sees_no_other(tablet: TestHome, role: Role) -> None:
    tablet.know("consent.sharing", "yes", about="george")
    tablet.know("consent.sharing.basis", "own", about="george")
    tablet.know("consent.sharing.decider", "George Bell", about="george")
    for route in ROUTES:
        assert _status(tablet, role, route, "george") == 403, (role, route.path)


def test_every_action_of_a_route_is_in_the_table() -> None:
    assert {route.action for route in ROUTES} <= set(roles())


OPEN = {
    # Getting in.
    *(("GET", path) for path in ("/", "/sign-in", "/pair", "/kith.crt", "/kith.mobileconfig")),
    *(("POST", path) for path in ("/sign-in", "/sign-in/passkey", "/sign-in/passkey/options", "/set-up")),
    *(("POST", path) for path in ("/lock", "/awake")),
    # What an installed page needs before anybody signs in.
    *(("GET", path) for path in ("/manifest.webmanifest", "/sw.js", "/offline")),
}
"""What needs nobody signed in. A route that is added here is looked at twice: it may hold nothing of anybody."""


def test_whatever_is_served_is_in_the_table_or_needs_nobody_on_purpose(tablet: TestHome) -> None:
    served = {
        (method, route.path)
        for route in tablet.app.routes
        if isinstance(route, StarletteRoute)
        for method in (route.methods or set()) - {"HEAD"}
    }
    beside = {route.path for route in tablet.app.routes if isinstance(route, Mount)}
    assert served == {(route.method, route.path) for route in ROUTES} | OPEN
    # The API's own test goes through all of its endpoints.
    assert beside == {"/static", WHERE}
    assert all(isinstance(route, StarletteRoute | Mount) for route in tablet.app.routes)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("see_now: {all: [boss], about: x}", "line 1: see_now: all"),
        ("\nsee_now: {all: [family], about: x}", "line 2: see_now: all"),
        ("see_now: {all: [manager], welfare: perhaps, about: x}", "line 1: see_now: welfare"),
        ("see_now: {all: [manager]}", "line 1: see_now: about"),
        ("see_now: {every: [], about: x}", "line 1: see_now: every"),
    ],
)
def test_a_mistake_in_the_table_is_told_by_line_and_field(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "roles.yaml"
    file.write_text(text)
    with pytest.raises(KithError, match=told):
        read_roles(file)
