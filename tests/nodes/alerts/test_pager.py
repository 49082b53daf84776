"""The home's own pager: signed, tried again until it takes a call, and told nothing of who and what."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from kith_msgs import msg, srv

from behaviours.calling.alert import Alert, Level, State
from culture_profiles.errors import KithError
from nodes.alerts.pager import Page, Pager, PagerSettings, may_be_paged, signature
from nodes.base import graph

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
SECRET = "a secret of this house"
WITHIN_S = 15.0


class Receiver:
    """A pager's web server: answers as told, remembers what came."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.came: list[dict[str, Any]] = []
        self.changed = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                stamp = self.headers["Kith-Timestamp"]
                assert self.headers["Kith-Signature"] == signature(SECRET, stamp, body)
                with receiver.changed:
                    self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
                    self.end_headers()
                    receiver.came.append({**json.loads(body), "raw": body.decode()})
                    receiver.changed.notify_all()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/calls"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def until(self, count: int) -> list[dict[str, Any]]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.came) >= count, WITHIN_S), self.came
            return list(self.came)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


def _alert(kind: str = "pain", **fields: Any) -> Alert:
    return Alert("secret-id", NOW, "robot", "hanna", Level.ATTEND, kind, "Hanna says: my hip.", NOW, **fields)


def _file(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "pager.yaml"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_refused_page_comes_again_and_names_nobody(receiver: Receiver) -> None:
    receiver.answers += [503, 500]
    told: list[tuple[Page, str]] = []
    done = threading.Event()

    def on(page: Page, problem: str) -> None:
        told.append((page, problem))
        if not problem:
            done.set()

    pager = Pager(PagerSettings(receiver.url, SECRET), on)
    page = Page.of(_alert(), "12")
    pager.send(page)
    pager.send(page)
    assert done.wait(WITHIN_S)
    pager.close()
    came = receiver.until(3)
    assert len(came) == 3
    assert {key: came[0][key] for key in ("event", "count", "level", "kind", "room")} == {
        "event": "raised", "count": 0, "level": "attend", "kind": "pain", "room": "12",
    }  # fmt: skip
    assert len({each["raw"] for each in came}) == 1
    for word in ("hanna", "Hanna", "hip", "secret-id", "robot"):
        assert word not in came[0]["raw"]
    assert ["status 503" in told[0][1], "status 500" in told[1][1], told[2][1]] == [True, True, ""]


def test_what_has_become_of_a_call_replaces_what_the_pager_did_not_take(receiver: Receiver) -> None:
    receiver.answers += [503]
    failed = threading.Event()
    pager = Pager(PagerSettings(receiver.url, SECRET), lambda _, problem: failed.set() if problem else None)
    pager.send(Page.of(_alert(), ""))
    assert failed.wait(WITHIN_S)
    pager.send(Page.of(_alert(state=State.ACCEPTED, accepted_by="Anna"), ""))
    assert [each["event"] for each in receiver.until(2)] == ["raised", "accepted"]
    pager.close()


def test_an_unreachable_pager_is_one_line_and_closing_does_not_wait_for_it() -> None:
    lines: list[str] = []
    told = threading.Event()

    def on(_: Page, problem: str) -> None:
        lines.append(problem)
        told.set()

    pager = Pager(PagerSettings("http://127.0.0.1:9/calls", SECRET), on)
    pager.send(Page.of(_alert(), ""))
    assert told.wait(WITHIN_S)
    pager.close()
    assert "cannot be reached" in lines[0]
    assert "\n" not in lines[0]


@pytest.mark.parametrize("kind", ["safeguarding", "senior_visit"])
def test_what_a_resident_confided_never_goes_out(kind: str) -> None:
    assert not may_be_paged(_alert(kind))
    assert may_be_paged(_alert("emergency"))


@pytest.mark.parametrize(
    ("text", "mode", "line"),
    [
        ("url: https://pager.example/x\nsecret: 0123456789abcdef\n", 0o644, "chmod 600"),
        ("url: ftp://pager.example/x\nsecret: 0123456789abcdef\n", 0o600, "line 1: url"),
        ("url: http://pager.example/x\nsecret: 0123456789abcdef\n", 0o600, "line 1: url"),
        ("url: https://a:b@pager.example/x\nsecret: 0123456789abcdef\n", 0o600, "line 1: url"),
        ("url: https://[::1\nsecret: 0123456789abcdef\n", 0o600, "line 1: url"),
        ("url: https://pager.example/x\nsecret: short\n", 0o600, "line 2: secret"),
        ("url: https://pager.example/x\n", 0o600, "secret is missing"),
        ("url: [a]\nsecret: 0123456789abcdef\n", 0o600, "line 1: url"),
        ("site: https://pager.example/x\n", 0o600, "line 1: 'site'"),
        ("url: : :\n", 0o600, "line 1"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(tmp_path: Path, text: str, mode: int, line: str) -> None:
    with pytest.raises(KithError, match=r".") as problem:
        PagerSettings.read(_file(tmp_path, text, mode))
    assert line in str(problem.value)
    assert "0123456789abcdef" not in str(problem.value)


def test_the_node_pages_and_a_killed_one_pages_what_was_left(
    run_node: Any, peer: Any, home_dir: Path, receiver: Receiver
) -> None:
    (home_dir / "alerts").mkdir(mode=0o700)
    receiver.answers += [503] * 2
    _file(home_dir / "alerts", f"url: {receiver.url}\nsecret: {SECRET}\n")
    node = run_node("nodes.alerts.node", home_dir=home_dir)

    def call(alert_id: str, kind: str) -> None:
        alert = msg.Alert(id=alert_id, resident_id="hanna", level=msg.Alert.EMERGENCY, kind=kind, text="Help!")
        assert peer.call(graph.RAISE_ALERT, srv.RaiseAlert.Request(alert=alert)).stored

    call("s", "senior_visit")
    call("a", "emergency")
    receiver.until(1)
    node.kill()
    node.start()
    peer.call(graph.ACCEPT_ALERT, srv.AcceptAlert.Request(alert_id="a", person="Anna"))
    peer.until(lambda: any(each["event"] == "accepted" for each in receiver.came), "the pager to know")
    assert {each["kind"] for each in receiver.came} == {"emergency"}
    assert "Anna" not in "".join(each["raw"] for each in receiver.came)
    peer.call(graph.ACCEPT_ALERT, srv.AcceptAlert.Request(alert_id="a", person="Anna", close=True))
    peer.until(lambda: receiver.came[-1]["event"] == "closed", "the pager to be cleared")
