"""Who may do what on the tablet: the table in roles.yaml, checked when it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

from culture_profiles.errors import KithError
from culture_profiles.yaml_file import entries, read_mapping

FILE = Path(__file__).with_name("roles.yaml")


class Role(StrEnum):
    """As whom somebody signs in."""

    MANAGER = "manager"
    SENIOR_CARER = "senior_carer"
    CARER = "carer"
    AGENCY_CARER = "agency_carer"
    FAMILY = "family"
    RESIDENT = "resident"
    ATTORNEY = "attorney"
    ADVOCATE = "advocate"
    TECHNICIAN = "technician"


class Scope(StrEnum):
    """Over what an attorney or deputy decides, as the paper says that somebody of the home has seen (care rule 10)."""

    WELFARE = "welfare"
    PROPERTY = "property"
    BOTH = "both"


NAMED = frozenset({Role.FAMILY, Role.RESIDENT, Role.ATTORNEY, Role.ADVOCATE})
"""Roles that belong to one named resident."""


@dataclass(frozen=True)
class Action:
    """One line of the table. `welfare`: an attorney needs the power over health and welfare for it."""

    name: str
    all: frozenset[Role]
    own: frozenset[Role]
    about: str
    welfare: bool = False


def read_roles(path: Path = FILE) -> Mapping[str, Action]:
    """The table by action. Errors: KithError naming file, line and field of the first mistake."""
    found: dict[str, Action] = {}
    constructor = yaml.SafeLoader("")
    for name, node, line in entries(read_mapping(path), path):
        where = f"{path.name}, line {line}: {name[:100]}"
        if not isinstance(node, yaml.MappingNode):
            raise KithError(f"{where}: must be a mapping with all, own and about")
        fields = dict(constructor.construct_document(node))
        if extra := set(fields) - {"all", "own", "about", "welfare"}:
            raise KithError(f"{where}: {sorted(map(str, extra))[0]}: there is no such field")
        if not isinstance(fields.get("about"), str):
            raise KithError(f"{where}: about: say in a few words what it is")
        if not isinstance(fields.get("welfare", False), bool):
            raise KithError(f"{where}: welfare: must be true or false")
        groups = {}
        for group in ("all", "own"):
            try:
                groups[group] = frozenset(Role(role) for role in fields.get(group, ()))
            except (ValueError, TypeError):
                raise KithError(f"{where}: {group}: must list roles: {', '.join(Role)}") from None
        if wrong := groups["all"] & NAMED:
            raise KithError(f"{where}: all: {min(wrong)} belongs to one resident: put it under own")
        found[name] = Action(name, groups["all"], groups["own"], fields["about"], fields.get("welfare", False))
    return found


@cache
def roles() -> Mapping[str, Action]:
    """The table that is in force."""
    return read_roles()


def may(role: Role, action: str, own_resident: str = "", resident_id: str = "", scope: Scope | None = None) -> bool:
    """Whether somebody with `role`, named for `own_resident`, may do `action`, about `resident_id` if given.

    `scope`: of an attorney's power, as its paper was seen.
    """
    row = roles()[action]
    if role is Role.ATTORNEY and row.welfare and scope not in (Scope.WELFARE, Scope.BOTH):
        return False
    return role in row.all or (role in row.own and bool(own_resident) and own_resident == resident_id)
