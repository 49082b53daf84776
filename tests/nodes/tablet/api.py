"""What tests of the API share."""

import re
from datetime import timedelta

from fastapi.routing import APIRoute

from nodes.tablet.api import app as api
from nodes.tablet.api.caller import action_of
from nodes.tablet.programs import Program
from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import TestHome

_FILLED = {
    "resident_id": "hanna",
    "key": "food.liked",
    "purpose": "memory",
    "call_id": "c1",
    "occurrence_id": "o1",
    "message_id": "m-1",
}


def program(tablet: TestHome, role: Role) -> tuple[Program, str]:
    """A new program of this role, and its token."""
    now = tablet.home.at
    return tablet.records.call(lambda: tablet.programs.add(f"The {role} program", role, now + timedelta(days=30), now))


def endpoints() -> list[tuple[str, str, str]]:
    """Method, path and action of everything that the API offers."""
    routes = [each for router in api.ROUTERS for each in router.routes]
    assert all(isinstance(each, APIRoute) for each in routes)
    return [
        (method, each.path, action_of(each) or "")
        for each in routes
        if isinstance(each, APIRoute)
        for method in each.methods
    ]


def filled(path: str) -> str:
    """A path with something that is there in each place."""
    return re.sub(r"{(\w+)}", lambda part: _FILLED[part[1]], path)
