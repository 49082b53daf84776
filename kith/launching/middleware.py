"""Keeps the nodes' talk on this machine, unless ROS security or an explicit word lets it out."""

import os
from collections.abc import Mapping
from pathlib import Path

from culture_profiles.errors import KithError

_STAYS = ("", "LOCALHOST", "OFF")
_RANGE = "ROS_AUTOMATIC_DISCOVERY_RANGE"
_PROFILE = "FASTRTPS_DEFAULT_PROFILES_FILE"
_LOOPBACK = Path(__file__).resolve().parents[2] / "launch" / "loopback.xml"


def on_loopback(domain_id: int) -> dict[str, str]:
    """The variables, as launch/middleware.launch.yaml sets them, of a process that joins a graph of this machine."""
    return {"ROS_DOMAIN_ID": str(domain_id), _RANGE: "SYSTEM_DEFAULT", _PROFILE: str(_LOOPBACK)}


def leaves_machine(environment: Mapping[str, str], *, asked: bool, without_security: bool) -> bool:
    """Whether the nodes may talk with other machines.

    `asked`: the user wants it; a discovery range beyond this machine, already set, counts as wanting it too.
    Errors: KithError when it is wanted, but neither ROS security is enforced nor `without_security` said.
    """
    if not asked and (environment.get(_RANGE, "") in _STAYS or _on_loopback(environment)):
        return False
    if not without_security and not secured(environment):
        wanted = "--network" if asked else f"{_RANGE}={environment[_RANGE]}"
        raise KithError(
            f"{wanted} would let anybody on the network hear and steer the robot: enforce ROS security "
            "(ROS_SECURITY_ENABLE=true, ROS_SECURITY_STRATEGY=Enforce, ROS_SECURITY_KEYSTORE=DIR), "
            "or add --without-ros-security"
        )
    return True


def _on_loopback(environment: Mapping[str, str]) -> bool:
    """Whether this process is in a running home's graph already: there the profile, not the range, keeps it inside."""
    profile = environment.get(_PROFILE, "")
    return environment.get(_RANGE) == "SYSTEM_DEFAULT" and bool(profile) and Path(profile).resolve() == _LOOPBACK


def secured(environment: Mapping[str, str]) -> bool:
    """Whether SROS2 is on, enforced, and has a keystore."""
    keystore = environment.get("ROS_SECURITY_KEYSTORE", "")
    return (
        environment.get("ROS_SECURITY_ENABLE") == "true"
        and environment.get("ROS_SECURITY_STRATEGY") == "Enforce"
        and bool(keystore)
        and (Path(keystore) / "enclaves").is_dir()
    )


def environment_of(domain_id: int, *, network: bool) -> dict[str, str]:
    """The environment that the launch description begins with. The rest is in launch/middleware.launch.yaml."""
    environment = dict(os.environ, ROS_DOMAIN_ID=str(domain_id))
    if network and environment.get(_RANGE, "") in _STAYS:
        environment[_RANGE] = "SUBNET"
    return environment
