"""A home is private, and run by one at a time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from culture_profiles.errors import KithError
from kith import home as homes


def test_a_new_home_is_private(tmp_path: Path) -> None:
    home = homes.create(tmp_path / "a" / "home")
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "logs").stat().st_mode & 0o777 == 0o700


def test_a_home_too_open_is_closed(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o755)
    assert homes.create(tmp_path / "home").stat().st_mode & 0o777 == 0o700


def test_one_at_a_time(home_dir: Path) -> None:
    assert homes.running(home_dir) is None
    with homes.lock(home_dir) as domain:
        found = homes.running(home_dir)
        assert found == homes.RunningHome(os.getpid(), domain)
        assert json.loads((home_dir / homes.LOCK).read_text()) == {"pid": os.getpid(), "ros_domain_id": domain}
        assert (home_dir / homes.LOCK).stat().st_mode & 0o777 == 0o600
        with pytest.raises(KithError, match=f"already run by process {os.getpid()}"), homes.lock(home_dir):
            pass
    assert homes.running(home_dir) is None


def test_a_killed_holder_holds_nothing(home_dir: Path) -> None:
    code = (
        "import sys, os, pathlib\nfrom kith import home\n"
        "with home.lock(pathlib.Path(sys.argv[1])):\n    print('held', flush=True)\n    os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code, home_dir], stdout=subprocess.PIPE, check=False)
    assert done.stdout == b"held\n"
    assert homes.running(home_dir) is None
    with homes.lock(home_dir):
        pass


def test_every_home_keeps_its_domain(home_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROS_DOMAIN_ID", raising=False)
    derived = homes.ros_domain_id(home_dir)
    assert 1 <= derived <= 100
    assert homes.ros_domain_id(home_dir) == derived
    assert len({homes.ros_domain_id(tmp_path / str(number)) for number in range(20)}) > 10
    (home_dir / "home.yaml").write_text("ros_domain_id: 77\n")
    assert homes.ros_domain_id(home_dir) == 77
    monkeypatch.setenv("ROS_DOMAIN_ID", "12")
    assert homes.ros_domain_id(home_dir) == 12
    monkeypatch.setenv("ROS_DOMAIN_ID", "many")
    with pytest.raises(KithError, match="0 to 232"):
        homes.ros_domain_id(home_dir)


@pytest.mark.parametrize(
    ("content", "problem"),
    [("time_zone: Mars", "time_zone: 'Mars'"), ("colour: red", "colour"), ("[1", "valid YAML"), ("- a", "keys and")],
)
def test_a_wrong_home_yaml_is_said_with_its_key(home_dir: Path, content: str, problem: str) -> None:
    (home_dir / "home.yaml").write_text(content)
    with pytest.raises(KithError, match=problem) as refused:
        homes.settings(home_dir)
    assert "\n" not in str(refused.value)


def test_a_home_that_is_a_file_or_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KithError, match="is a file"):
        homes.create(tmp_path / "file")
    with pytest.raises(KithError, match="cannot be written"):
        homes.create(Path("/proc/nowhere/home"))
