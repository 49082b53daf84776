"""The tablet's bench: the parts that could flatter it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from culture_profiles.errors import KithError
from kith.bench.tablet import browser, measuring
from nodes.tablet.certificates import tls
from nodes.tablet.pages import make_app
from nodes.tablet.server import WebServer
from nodes.tablet.view import Board


def test_each_edit_has_a_name_of_its_own() -> None:
    names = [measuring._name(number) for number in range(measuring.FULL.edits)]
    assert len(set(names)) == len(names)
    assert not any(one != other and one in other for one in names for other in names)


def test_a_server_of_another_authority_is_not_measured(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    context = tls(theirs, ["localhost"], datetime.now(UTC))
    tls(ours, ["localhost"], datetime.now(UTC))
    app = make_app(lambda: Board().view(datetime.now(UTC), 0.0), lambda _: None, ["localhost"], lambda: False)
    server = WebServer(app, "127.0.0.1", 0, context)
    port = server.start()
    assert browser.checked_key(theirs, f"https://localhost:{port}")
    with pytest.raises(KithError, match="not the home's own"):
        browser.checked_key(ours, f"https://localhost:{port}")
    server.stop()
