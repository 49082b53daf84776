"""A breach report: whose data, which, when; a mistake in the question never reads as all clear."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from culture_profiles.errors import KithError
from kith.commands.breach import command
from kith.context import Context
from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import TestHome, call, occurrence


def _ask(tablet: TestHome, *arguments: str) -> Result:
    context = Context(home=tablet.folder)
    return CliRunner().invoke(command, [*arguments, "--json"], obj=context, standalone_mode=False)


def test_it_lists_whose_data_which_and_when(tablet: TestHome) -> None:
    tablet.know("faith.stated", "Quaker", "resident")
    tablet.know("safety.allergy", "penicillin", about="george")
    anna, ben = tablet.signed_in(Role.CARER, "Anna"), tablet.signed_in(Role.CARER, "Ben")
    anna.get("/residents/hanna/profile/faith")
    tablet.home.at += timedelta(minutes=2)
    ben.get("/residents/george")
    found = json.loads(_ask(tablet).output)
    assert found["whole"]
    assert [(each["id"], each["who"]) for each in found["residents"]] == [
        ("hanna", [anna.person.id]),
        ("george", [ben.person.id]),
    ]
    assert "faith.stated" in found["residents"][0]["keys"]
    assert "safety.allergy" in found["residents"][1]["keys"]
    only = json.loads(_ask(tablet, "--who", ben.person.id).output)["residents"]
    assert [each["id"] for each in only] == ["george"]
    later = json.loads(_ask(tablet, "--since", (tablet.home.at - timedelta(minutes=1)).isoformat()).output)
    assert [each["id"] for each in later["residents"]] == ["george"]
    for word in ("Quaker", "penicillin", "Hanna"):
        assert word not in _ask(tablet).output


def test_whoever_is_on_a_page_of_many_is_listed(tablet: TestHome) -> None:
    tablet.home.listed = [call("c1")]
    tablet.home.due = [occurrence("o1", about="george")]
    carer = tablet.signed_in(Role.CARER, "Anna")
    for _ in range(2):
        carer.get("/now")
    carer.get("/reminders")
    found = {each["id"]: each for each in json.loads(_ask(tablet).output)["residents"]}
    assert set(found) == {"hanna", "george"}
    assert found["hanna"]["times"] == 1  # the same calls on the same page are told once


def test_a_mistyped_id_or_time_is_told(tablet: TestHome) -> None:
    tablet.signed_in(Role.CARER, "Anna")
    for arguments, told in ((("--who", "p-nobody"), "not in the log"), (("--since", "yesterday"), "--since")):
        result = _ask(tablet, *arguments)
        assert isinstance(result.exception, KithError)
        assert told in str(result.exception)


def test_a_changed_log_is_told(tablet: TestHome, monkeypatch: pytest.MonkeyPatch) -> None:
    tablet.signed_in(Role.CARER, "Anna").get("/residents/hanna")
    tablet.records.call(lambda: tablet.records.file.db.execute("DROP TRIGGER audit_no_update"))
    with_change = "UPDATE audit SET who = 'x' WHERE sequence = 1"

    def tamper() -> None:
        with tablet.records.file.change() as db:
            db.execute(with_change)

    tablet.records.call(tamper)
    assert _ask(tablet).return_value == 1
