"""What the page may show."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from nodes.tablet.pages import make_app
from nodes.tablet.view import Board, ago, alert_view

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


def _board() -> Board:
    board = Board()
    board.node("alerts", 0, "ready", 100.0)
    board.node("robot2/asr", 2, "no microphone", 100.0)
    board.node("dialogue", 1, "waiting for tts", 100.0)
    return board


def _client(board: Board, shown: list[str], at: float = 101.0) -> TestClient:
    app = make_app(lambda: board.view(NOW, at), shown.extend, ["testserver"], lambda: False)
    return TestClient(app)


def test_nodes_are_shown_by_home_and_robot_and_silence_is_told() -> None:
    view = _board().view(NOW, 101.0)
    assert [(robot, [node.state for node in nodes]) for robot, nodes in view.groups()] == [
        ("", ["ok"]),
        ("robot", ["warning"]),
        ("robot2", ["error"]),
    ]
    assert all(node.state == "silent" for node in _board().view(NOW, 130.0).nodes)


def test_coverage_is_not_known_without_the_alerts_node() -> None:
    board = _board()
    assert board.view(NOW, 101.0).covered is None
    board.calls(True, "Anna", "", [])
    assert board.view(NOW, 101.0).covered is True
    assert board.view(NOW, 130.0).covered is None


def test_safeguarding_is_not_on_a_screen_that_others_see_not_even_as_a_number() -> None:
    board = _board()
    board.calls(True, "Anna", "", [alert_view("s1", "safeguarding", 2, 1, "", NOW, 0)])
    client = _client(board, [])
    assert "safeguarding" not in client.get("/").text.lower()
    assert client.get("/healthz").json()["open_alerts"] == 0


def test_what_a_node_or_alert_says_cannot_become_markup() -> None:
    board = _board()
    board.node("tts", 2, "<script>alert(1)</script>", 100.0)
    board.calls(True, "<b>Anna", "", [alert_view("<img>", "<i>", 3, 1, "", NOW, 0)])
    page = _client(board, []).get("/").text
    for text in ("<script>alert", "<b>Anna", "<img>", "<i>"):
        assert text not in page


def test_every_answer_forbids_what_the_page_does_not_need() -> None:
    client = _client(_board(), [])
    for path in ("/", "/healthz", "/static/health.js", "/nothing"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_only_the_page_itself_says_what_it_shows() -> None:
    board, shown = _board(), []
    board.calls(True, "Anna", "", [alert_view("a1", "pain", 2, 1, "", NOW, 0)])
    client = _client(board, shown)
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert client.post("/shown", json={"ids": ["a1"]}, headers=elsewhere).status_code == 403
    assert client.post("/shown", content=b"{").status_code == 422
    assert client.post("/shown", json={"ids": ["x"] * 999}).status_code == 422
    assert shown == []
    assert client.post("/shown", json={"ids": ["a1", "unknown"]}).status_code == 204
    assert shown == ["a1"]


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "just now"), (90, "1 min ago"), (7300, "2 h ago"), (-5, "just now")]
)
def test_ages_are_words(seconds: int, words: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == words
