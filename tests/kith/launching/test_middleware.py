"""Nobody outside the machine hears the robot, unless ROS security or an explicit word lets them."""

from pathlib import Path

import pytest

from culture_profiles.errors import KithError
from kith.launching.middleware import leaves_machine


@pytest.mark.parametrize("value", ["", "LOCALHOST", "OFF"])
def test_it_stays_by_default(value: str) -> None:
    assert not leaves_machine({"ROS_AUTOMATIC_DISCOVERY_RANGE": value}, asked=False, without_security=False)


@pytest.mark.parametrize(("environment", "asked"), [({}, True), ({"ROS_AUTOMATIC_DISCOVERY_RANGE": "SUBNET"}, False)])
def test_leaving_needs_security_or_an_explicit_word(environment: dict[str, str], asked: bool) -> None:
    with pytest.raises(KithError, match="--without-ros-security"):
        leaves_machine(environment, asked=asked, without_security=False)
    assert leaves_machine(environment, asked=asked, without_security=True)


def test_security_must_be_enforced_and_have_a_keystore(tmp_path: Path) -> None:
    (tmp_path / "enclaves").mkdir()
    complete = {
        "ROS_SECURITY_ENABLE": "true",
        "ROS_SECURITY_STRATEGY": "Enforce",
        "ROS_SECURITY_KEYSTORE": str(tmp_path),
    }
    assert leaves_machine(complete, asked=True, without_security=False)
    for missing in complete:
        with pytest.raises(KithError):
            leaves_machine({**complete, missing: ""}, asked=True, without_security=False)
