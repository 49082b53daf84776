"""Fixtures that every folder of tests shares."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

LOOPBACK = Path(__file__).parent.parent / "launch" / "loopback.xml"

# Tests of two checkouts, or two workers, must not hear each other.
_FIRST_DOMAIN, _LAST_DOMAIN = 120, 230
_LOCKS = Path("/tmp")

# How long an example takes depends on what else the machine does: no test fails for it.
hypothesis.settings.register_profile("kith", deadline=None)
hypothesis.settings.load_profile("kith")


# Folders whose tests live in real time with other processes, ROS or not.
_QUIET_FOLDERS = {"bodies", "browser", "system"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what must not share the machine with other tests: it waits for answers that a person would wait for."""
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        if folder in _QUIET_FOLDERS or "ros_domain" in getattr(item, "fixturenames", ()):
            item.add_marker("quiet")


def own_domain(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A ROS domain that no other test on this machine uses, on loopback; set in the environment."""
    for domain in range(_FIRST_DOMAIN, _LAST_DOMAIN):
        path = _LOCKS / f"kith-test-domain-{domain}.lock"
        with path.open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            monkeypatch.setenv("ROS_DOMAIN_ID", str(domain))
            # As launch/middleware.launch.yaml does: on loopback UDP alone, nothing in shared memory.
            monkeypatch.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "SYSTEM_DEFAULT")
            monkeypatch.setenv("FASTRTPS_DEFAULT_PROFILES_FILE", str(LOOPBACK))
            yield domain
            return
    pytest.fail("no free ROS domain: are old tests still running?")


@pytest.fixture
def ros_domain(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A ROS domain of the test's own."""
    yield from own_domain(monkeypatch)


@pytest.fixture(scope="session")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What understanding learns from its examples, once a run: with a sentence model that takes a minute."""
    return tmp_path_factory.mktemp("learnt")


@pytest.fixture
def home_dir(tmp_path: Path, learnt: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, private to the test; also in the environment as KITH_HOME."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("KITH_HOME", str(home))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(learnt))
    os.environ.pop("KITH_ROBOT", None)
    return home
