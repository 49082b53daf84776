"""The unit files are ones that systemd accepts, and they confine Kith as they should."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culture_profiles.errors import KithError
from kith.service import machine, units

SERVICE = "etc/systemd/system/kith.service"
MAINTENANCE = "etc/systemd/system/kith-maintenance.service"

needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


@needs_systemd
def test_systemd_accepts_every_unit_without_a_warning(tmp_path: Path) -> None:
    service = units.Service(
        arguments=["--body", "laptop"], groups=["audio"], environment={"KITH_MODELS": '/m "50%" $x'}
    )
    written = machine.write(units.render(service), tmp_path)
    paths = [path for path in written if path.endswith((".service", ".timer"))]
    assert len(paths) == 3
    done = analyze("verify", "--man=no", *paths)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")


@needs_systemd
@pytest.mark.parametrize("path", [SERVICE, MAINTENANCE])
def test_systemd_calls_the_exposure_small(tmp_path: Path, path: str) -> None:
    machine.write(units.render(units.Service()), tmp_path)
    # Ten times the exposure level: systemd's own limit for "OK" is 4.9.
    done = analyze("security", "--offline=yes", "--threshold=25", str(tmp_path / path))
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(not shutil.which("systemd-sysusers"), reason="systemd-sysusers is not installed")
def test_the_user_is_made_without_a_login(tmp_path: Path) -> None:
    machine.write(units.render(units.Service(user="anna")), tmp_path)
    (tmp_path / "etc/machine-id").write_text("")
    subprocess.run(["systemd-sysusers", f"--root={tmp_path}", "kith.conf"], check=True, capture_output=True)
    (line,) = [text for text in (tmp_path / "etc/passwd").read_text().splitlines() if text.startswith("anna:")]
    assert line.endswith(":/var/lib/kith:/usr/sbin/nologin")


@pytest.mark.parametrize("path", [SERVICE, MAINTENANCE])
def test_both_services_are_confined(path: str) -> None:
    text = units.render(units.Service(user="kith"))[path]
    for line in (
        "User=kith",
        "StateDirectory=kith",
        "StateDirectoryMode=0700",
        "UMask=0077",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "IPAddressDeny=any",
        "IPAddressAllow=localhost",
    ):
        assert line in text.splitlines(), line
    # Nothing pings the watchdog, so none may be set: it would kill a healthy home.
    assert "WatchdogSec" not in text
    assert "$" not in re.sub(r"\$\$", "", text)


def test_the_service_comes_back_and_starts_at_boot_and_the_night_is_caught_up() -> None:
    files = units.render(units.Service(program=["/opt/kith/.venv/bin/kith"], arguments=["--body", "laptop"]))
    assert "ExecStart=/opt/kith/.venv/bin/kith --home /var/lib/kith up --body laptop\n" in files[SERVICE]
    assert "Restart=on-failure\n" in files[SERVICE]
    assert "WantedBy=multi-user.target" in files[SERVICE]
    assert "ExecStart=/opt/kith/.venv/bin/kith --home /var/lib/kith service maintain\n" in files[MAINTENANCE]
    assert "Persistent=yes" in files["etc/systemd/system/kith-maintenance.timer"]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\n\r\0"), max_size=30))
def test_no_value_can_add_a_line_or_a_specifier_to_a_unit(value: str) -> None:
    plain = units.render(units.Service(environment={"KITH_MODELS": "x"}))[SERVICE]
    text = units.render(units.Service(environment={"KITH_MODELS": value}))[SERVICE]
    assert text.count("\n") == plain.count("\n")
    assert "%" not in text.replace("%%", "")


@pytest.mark.parametrize("user", ["", "root", "Kith", "a b", "kith\nExecStartPre=/bin/sh", "-x", "x" * 40])
def test_an_impossible_user_is_one_clear_line(user: str) -> None:
    with pytest.raises(KithError, match="use a name like kith"):
        units.Service(user=user)


def test_only_a_sourced_distribution_is_passed_on() -> None:
    wheels = {"AMENT_PREFIX_PATH": "/x/.venv", "LD_LIBRARY_PATH": "/x/.venv/lib", "HOME": "/root", "KITH_MODELS": "/m"}
    assert units.passed_on(wheels) == {"KITH_MODELS": "/m"}
    sourced = {"AMENT_PREFIX_PATH": "/opt/ros/jazzy", "PYTHONPATH": "/opt/ros/jazzy/lib/p", "SECRET": "x"}
    assert units.passed_on(sourced) == {"AMENT_PREFIX_PATH": "/opt/ros/jazzy", "PYTHONPATH": "/opt/ros/jazzy/lib/p"}


def test_places_the_service_cannot_read_are_told_before_it_fails(tmp_path: Path) -> None:
    program = tmp_path / "kith"
    program.write_text("")
    program.chmod(0o755)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o001)
    assert units.unreadable([program]) == []
    tmp_path.chmod(0o700)
    assert units.unreadable([program]) == [
        f"{tmp_path} cannot be read by the service's user: chmod o+x {tmp_path}",
    ]
    (problem,) = units.unreadable([Path("/root/kith/.venv")])
    assert "/opt/kith" in problem
