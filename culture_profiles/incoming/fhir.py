"""FHIR R4 Patient and RelatedPerson: a Bundle, one Patient, or one resource a line (NDJSON).

Read through fhir.resources (its R4B models, which for these two resources hold R4). Taken over: names, year of birth,
languages, family and friends. Not taken over, and said so: everything else. Gender gives no form of address.
"""

import json
from collections.abc import Iterator
from typing import Any

import yaml
from pydantic import ValidationError

from culture_profiles.errors import KithError
from culture_profiles.incoming.arrival import Arrival, Item
from culture_profiles.incoming.table import MOST_RESIDENTS

_RELATIVES = {
    **dict.fromkeys(("DAU", "DAUC", "NDAU", "DAUADOPT", "STPDAU"), "family.daughter"),
    **dict.fromkeys(("SON", "SONC", "NSON", "SONADOPT", "STPSON"), "family.son"),
    **dict.fromkeys(("SPS", "HUSB", "WIFE", "DOMPART", "SIGOTHR"), "family.partner"),
    **dict.fromkeys(("SIS", "NSIS", "HSIS"), "family.sister"),
    **dict.fromkeys(("BRO", "NBRO", "HBRO"), "family.brother"),
    **dict.fromkeys(("PRN", "MTH", "FTH", "NMTH", "NFTH"), "family.parent"),
    **dict.fromkeys(("GRNDCHILD", "GRNDDAU", "GRNDSON"), "family.grandchild"),
    **dict.fromkeys(("FRND", "NBOR"), "friends.name"),
}
_TAKEN = frozenset({"resourceType", "id", "meta", "text", "active", "name", "birthDate", "communication"})


def read_fhir(name: str, text: str) -> list[Arrival]:
    """The residents of a file. `name`: of the file, for messages. Errors: KithError naming file, line and field."""
    arrivals: dict[str, Arrival] = {}
    related = []
    for resource, places in _resources(name, text.removeprefix("\ufeff")):
        kind = resource.get("resourceType")
        if kind == "Patient":
            patient = _valid(kind, resource, places)
            if patient.id is None and len(arrivals) > 0:
                raise KithError(f"{places.of('id')}: a Patient among others needs an id")
            if (patient.id or "") in arrivals:
                raise KithError(f"{places.of('id')}: the same Patient comes twice")
            if len(arrivals) == MOST_RESIDENTS:
                raise KithError(f"{places.of('id')}: more than {MOST_RESIDENTS} residents: split the file")
            arrivals[patient.id or ""] = _patient(patient, resource, places)
        elif kind == "RelatedPerson":
            related.append((_valid(kind, resource, places), places))
        else:
            raise KithError(f"{places.of('resourceType')}: only Patient and RelatedPerson are read")
    for person, places in related:
        reference = (person.patient.reference or "").rsplit("/", 1)[-1].removeprefix("urn:uuid:")
        if reference not in arrivals:
            raise KithError(f"{places.of('patient', 'reference')}: names a Patient who is not in the file")
        _related(person, arrivals[reference], places)
    if not arrivals:
        raise KithError(f"{name}: holds no Patient")
    return list(arrivals.values())


class _Places:
    """Where in the file a field stands, found when there is something to tell."""

    def __init__(self, name: str, text: str, path: tuple[str | int, ...], first_line: int) -> None:
        self._name, self._text, self._path, self._first = name, text, path, first_line

    def of(self, *field: str | int) -> str:
        """ "file, line 12: name.0.family", as near as the file goes."""
        line = self._line((*self._path, *field))
        return f"{self._name}, line {line}: {'.'.join(str(each) for each in field)}"

    def _line(self, path: tuple[str | int, ...]) -> int:
        try:
            node = yaml.compose(self._text.replace("\t", " "), yaml.CSafeLoader)
        except yaml.YAMLError:
            return self._first
        for step in path:
            if isinstance(node, yaml.MappingNode):
                node = next((value for key, value in node.value if key.value == step), None) or node
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
        return int(node.start_mark.line) + self._first if node is not None else self._first


def _resources(name: str, text: str) -> Iterator[tuple[dict[str, Any], _Places]]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as problem:
        lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        if len(lines) < 2 or not isinstance(problem, ValueError):
            raise KithError(_no_json(name, problem, 1)) from None
        yield from _each_line(name, lines)
        return
    if not isinstance(whole, dict):
        raise KithError(f"{name}, line 1: must be a Bundle, a Patient, or one resource a line")
    if whole.get("resourceType") != "Bundle":
        yield whole, _Places(name, text, (), 1)
        return
    entries = whole.get("entry", [])
    if not isinstance(entries, list):
        raise KithError(f"{_Places(name, text, (), 1).of('entry')}: must be a list")
    for number, entry in enumerate(entries):
        places = _Places(name, text, ("entry", number, "resource"), 1)
        if not isinstance(entry, dict) or not isinstance(entry.get("resource"), dict):
            raise KithError(f"{_Places(name, text, (), 1).of('entry', number)}: holds no resource")
        resource = entry["resource"]
        # Within a bundle, references may be to the whole address of an entry.
        if "id" not in resource and str(entry.get("fullUrl", "")).startswith("urn:uuid:"):
            resource = {**resource, "id": entry["fullUrl"].removeprefix("urn:uuid:")}
        yield resource, places


def _each_line(name: str, lines: list[tuple[int, str]]) -> Iterator[tuple[dict[str, Any], _Places]]:
    for number, line in lines:
        try:
            resource = json.loads(line)
        except (ValueError, RecursionError) as problem:
            raise KithError(_no_json(name, problem, number)) from None
        if not isinstance(resource, dict):
            raise KithError(f"{name}, line {number}: must be a resource")
        yield resource, _Places(name, line, (), number)


def _no_json(name: str, problem: Exception, first: int) -> str:
    line = first + problem.lineno - 1 if isinstance(problem, json.JSONDecodeError) else first
    return f"{name}, line {line}: is no JSON as FHIR uses it"


def _valid(kind: str, resource: dict[str, Any], places: _Places) -> Any:
    from fhir.resources.R4B.patient import Patient  # half a second: only who reads such a file pays for it
    from fhir.resources.R4B.relatedperson import RelatedPerson

    model: Any = Patient if kind == "Patient" else RelatedPerson
    try:
        return model.model_validate(resource)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        raise KithError(f"{places.of(*problem['loc'])}: {problem['msg']}") from None
    except (ValueError, TypeError, RecursionError):
        raise KithError(f"{places.of('resourceType')}: is no {kind} as FHIR R4 has it") from None


def _patient(patient: Any, resource: dict[str, Any], places: _Places) -> Arrival:
    if patient.deceasedBoolean or patient.deceasedDateTime is not None:
        raise KithError(f"{places.of('deceasedBoolean')}: this person has died: leave them out")
    made = Arrival(places.of("name").rsplit(":", 1)[0])
    full = False
    for number, name in enumerate(patient.name or ()):
        where = places.of("name", number)
        if name.use in ("usual", "nickname") and full:
            made.items.append(Item("name.preferred", _written(name), where))
        elif name.use not in ("old", "maiden", "anonymous") and not full:
            full = True
            made.items.append(Item("name.full", _written(name), where))
            if name.given:
                made.items.append(Item("name.given", " ".join(name.given[0].split()), where))
            if name.family:
                made.items.append(Item("name.family", " ".join(name.family.split()), where))
    if patient.birthDate is not None:
        made.items.append(Item("lifestory.birth_year", str(patient.birthDate)[:4], places.of("birthDate")))
    for number, spoken in enumerate(patient.communication or ()):
        where = places.of("communication", number, "language")
        code = next((each.code for each in spoken.language.coding or () if each.code), "")
        if not code:
            made.passed_over.append("a language without a code")
            continue
        key = "language.preferred" if spoken.preferred else "language.spoken"
        made.items.append(Item(key, code.replace("-", "_"), where))
    made.passed_over += sorted(set(resource) - _TAKEN)
    made.items = [item for item in made.items if item.value]
    return made


def _related(person: Any, arrival: Arrival, places: _Places) -> None:
    name = next((written for each in person.name or () if (written := _written(each))), "")
    codes = [code.code for each in person.relationship or () for code in each.coding or () if code.code]
    if not name:
        arrival.passed_over.append("a related person without a name")
        return
    key = next((_RELATIVES[code] for code in codes if code in _RELATIVES), "family.relative")
    arrival.items.append(Item(key, name, places.of("name", 0)))


def _written(name: Any) -> str:
    parts = [name.text] if name.text else [*(name.given or ()), name.family or ""]
    return " ".join(" ".join(parts).split())
