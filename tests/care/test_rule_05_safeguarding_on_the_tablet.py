"""Care rule 5 on the tablet: nothing of a disclosure reaches it, not for any role, not as a number."""

from pathlib import Path

import pytest

from nodes.tablet.roles import Role, may
from tests.nodes.tablet.homes import TestHome, call


@pytest.mark.parametrize("role", [role for role in Role if may(role, "see_calls")])
def test_no_page_shows_one(tmp_path: Path, role: Role) -> None:
    tablet = TestHome(tmp_path)
    tablet.know("name.full", "Hanna Nowak")
    tablet.home.listed = [call("s1", "safeguarding", text="He hurts me.")]
    device = tablet.signed_in(role)
    for path in ("/now", "/hand-over", "/residents/hanna", "/audit"):
        page = device.get(path).text
        assert "hurts me" not in page
        assert "safeguarding" not in page.lower()
    device.post("/calls/accept", call_id="s1")
    device.post("/calls/shown", ids="s1")
    assert (tablet.home.accepted, tablet.home.shown) == ([], [])
    tablet.close()
