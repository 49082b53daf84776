"""Residents from other systems: what is taken over, what is refused, and that mistakes name file, line and field."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from culture_profiles.errors import KithError
from culture_profiles.incoming.arrival import Arrival, facts_of, refuse_doubles
from culture_profiles.incoming.files import read_arrivals
from culture_profiles.incoming.table import read_table

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "p1",
    "gender": "female",
    "name": [
        {"use": "official", "family": "Nowak", "given": ["Hanna", "Maria"]},
        {"use": "usual", "text": "Pani Hanna"},
        {"use": "maiden", "family": "Kowalska"},
    ],
    "birthDate": "1938-04-02",
    "communication": [
        {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "pl"}]}, "preferred": True},
        {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "en-GB"}]}},
    ],
}
DAUGHTER: dict[str, Any] = {
    "resourceType": "RelatedPerson",
    "patient": {"reference": "Patient/p1"},
    "relationship": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "DAU"}]}],
    "name": [{"text": "Ewa Nowak"}],
}


def _bundle(*resources: dict[str, Any]) -> str:
    entries = [{"resource": each} for each in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}, indent=1)


def _facts(arrival: Arrival) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fact in facts_of(arrival, "r-1", "p-1", NOW):
        found.setdefault(fact.key, []).append(fact.value)
    return found


def test_a_table_of_residents() -> None:
    first = "\ufeffname.full;room.name;food.disliked;language.mother"
    text = f"{first}\r\nHanna Nowak;12;liver|eggs;pl\r\n\r\nGeorge Bell;;;\r\n"
    hanna, george = read_arrivals("home.csv", text)
    assert _facts(hanna) == {
        "name.full": ["Hanna Nowak"],
        "room.name": ["12"],
        "food.disliked": ["liver", "eggs"],
        "language.mother": ["pl"],
    }
    assert _facts(george) == {"name.full": ["George Bell"]}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name.full,shoe_size\nHanna,38\n", "home.csv, line 1: column 2"),
        ("room.name\n12\n", "home.csv, line 1: needs a column name.full"),
        ("name.full,name.full\na,b\n", "home.csv, line 1: column 2"),
        ("name.full,language.mother\nHanna,pl\nGeorge,Klingon!\n", "home.csv, line 3: language.mother"),
        ("name.full,room.name\nHanna\n", "home.csv, line 2: has 1 fields"),
        ("name.full,room.name\n,12\n", "home.csv, line 2: name.full is missing"),
        (
            "name.full,consent.memory\nHanna,yes\n",
            "home.csv, line 1: column 2: consent.memory is recorded on the tablet",
        ),
        ("name.full\nHanna \ufffd\n", "home.csv, line 2: is not UTF-8"),
        ('name.full\n"Hanna\n', "home.csv, line 2"),
        ("", "home.csv, line 1: needs a column name.full"),
        ("name.full\n", "home.csv: holds nobody"),
    ],
)
def test_a_mistake_in_a_table_names_line_and_column(text: str, told: str) -> None:
    with pytest.raises(KithError) as refused:
        [facts_of(each, "r-1", "p-1", NOW) for each in read_arrivals("home.csv", text)]
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_patient_and_her_daughter() -> None:
    (arrival,) = read_arrivals("export.json", _bundle(PATIENT, DAUGHTER))
    assert _facts(arrival) == {
        "name.full": ["Hanna Maria Nowak"],
        "name.given": ["Hanna"],
        "name.family": ["Nowak"],
        "name.preferred": ["Pani Hanna"],
        "lifestory.birth_year": ["1938"],
        "language.preferred": ["pl"],
        "language.spoken": ["en_GB"],
        "family.daughter": ["Ewa Nowak"],
    }
    # Gender makes no form of address, and the file's reader is told what was left.
    assert arrival.passed_over == ["gender"]


def test_one_resource_a_line_and_one_alone() -> None:
    lines = f"{json.dumps(PATIENT)}\n\n{json.dumps(DAUGHTER)}\n"
    assert _facts(read_arrivals("export.ndjson", lines)[0])["family.daughter"] == ["Ewa Nowak"]
    assert len(read_arrivals("one.json", json.dumps(PATIENT))) == 1


@pytest.mark.parametrize(
    ("resources", "told"),
    [
        ([{**PATIENT, "birthDate": "last spring"}], "birthDate"),
        ([{**PATIENT, "name": [{"family": ["Nowak"]}]}], "name.0.family"),
        ([PATIENT, {**DAUGHTER, "patient": {"reference": "Patient/p9"}}], "patient.reference"),
        ([{**PATIENT, "deceasedBoolean": True}], "deceasedBoolean"),
        ([PATIENT, PATIENT], "id"),
        ([{"resourceType": "Observation"}], "resourceType"),
        ([{**PATIENT, "name": []}], "name"),
    ],
)
def test_a_mistake_in_fhir_names_line_and_field(resources: list[dict[str, Any]], told: str) -> None:
    text = _bundle(*resources)
    with pytest.raises(KithError) as refused:
        [facts_of(each, "r-1", "p-1", NOW) for each in read_arrivals("export.json", text)]
    said = str(refused.value)
    assert said.startswith("export.json, line ")
    assert told in said
    line = int(said.removeprefix("export.json, line ").split(":")[0])
    assert 1 <= line <= len(text.splitlines())
    for word in ("Nowak", "last spring"):
        assert word not in said


def test_the_line_is_the_one_of_the_mistake() -> None:
    text = _bundle(PATIENT, {**PATIENT, "id": "p2", "birthDate": "1938-13-45"})
    with pytest.raises(KithError) as refused:
        read_arrivals("export.json", text)
    line = int(str(refused.value).removeprefix("export.json, line ").split(":")[0])
    assert "1938-13-45" in text.splitlines()[line - 1]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", "null", "[" * 5000, '{"resourceType": "Bundle", "entry": 3}', "{}\n{"]
)
def test_what_is_no_fhir_is_told_in_one_line(text: str) -> None:
    with pytest.raises(KithError) as refused:
        read_arrivals("x.json", text)
    assert str(refused.value).startswith("x.json")


def test_nobody_is_taken_in_twice() -> None:
    arrivals = read_table("a.csv", "name.full\nHanna Nowak\nhanna nowak\n")
    with pytest.raises(KithError, match=r"a.csv, line 3"):
        refuse_doubles(arrivals, [])
    with pytest.raises(KithError, match=r"a.csv, line 2"):
        refuse_doubles(arrivals[:1], ["HANNA NOWAK"])


def test_other_files_are_refused() -> None:
    with pytest.raises(KithError, match="must be a table"):
        read_arrivals("home.xlsx", "x")


@given(st.text(max_size=300))
@settings(deadline=None, max_examples=150)
def test_no_table_breaks_the_reader(text: str) -> None:
    try:
        arrivals = read_table("home.csv", "name.full,food.disliked\n" + text)
    except KithError as refused:
        assert str(refused).startswith("home.csv")
        return
    for arrival in arrivals:
        try:
            facts_of(arrival, "r-1", "p-1", NOW)
        except KithError as refused:
            assert str(refused).startswith("home.csv, line ")
