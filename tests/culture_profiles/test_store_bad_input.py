"""Whatever is handed in or runs out: a clear refusal in one line, and nothing is lost."""

import os
import resource
import signal
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, make_fact
from culture_profiles.importing import read_resident
from culture_profiles.profile import Profile
from culture_profiles.store import Change, ProfileStore

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
NAMES = [
    "חנה בת־שבע",
    "نور الدین\u200cزاده",
    "हि\u200dन्दी क्षेत्रपाल",
    "Zoe\u0301 Ångström\u0323",
    "\u202bمحمد\u202c",
    "𠮷野家 さくら",
    "ᎠᏂᏴᏫᏯ",
    "o\u0301" * 100,
]


def fact(value: str, key: str = "food.liked", source: str = "resident", status: str = "stated", **more: object) -> Fact:
    return make_fact(resident_id="r1", key=key, value=value, source=source, status=status, **{"when": NOW, **more})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "profiles" / "profiles.db"


@pytest.mark.parametrize("name", NAMES)
def test_names_in_any_script_come_back_letter_by_letter(path: Path, name: str) -> None:
    with ProfileStore(path) as store:
        store.set_fact(fact(name, "name.full", "carer"))
    with ProfileStore(path) as store:
        assert store.snapshot("r1").value("name.full") == name
        assert store.names()["r1"].value("name.full") == name
        assert store.verify() == 1


def test_a_megabyte_of_text_is_refused_and_named(path: Path) -> None:
    for field in ("value", "note", "who"):
        with pytest.raises(KithError, match=f"{field}: has 1000000 characters: at most") as refusal:
            fact(**{"value": "tea", field: "ä" * 1_000_000})  # type: ignore[arg-type]
        assert len(str(refusal.value)) < 200


def test_one_refusal_in_a_group_stops_no_other(path: Path) -> None:
    with ProfileStore(path) as store:
        bad = fact("x").model_copy(update={"key": "food.likd"})
        sensitive = fact("Catholic", "faith.stated", "observed", "assumed")
        outcomes = store.set_facts([fact("tea"), bad, sensitive, fact("cake")])
        assert [isinstance(outcome, Change) for outcome in outcomes] == [True, False, False, True]
        assert "did you mean food.liked" in str(outcomes[1])
        assert [kept.value for kept in store.history("r1")] == ["tea", "cake"]
        assert [kept.sequence for kept in store.history("r1")] == [1, 2]


def test_what_a_group_says_first_counts_for_what_it_says_later(path: Path) -> None:
    with ProfileStore(path) as store:
        died = fact("died", "state_of_life", "carer")
        outcomes = store.set_facts([died, fact("tea")])
        assert "sealed" in str(outcomes[1])
        assert len(store.history("r1")) == 1


def test_a_clock_that_jumps_back_changes_no_order(path: Path) -> None:
    with ProfileStore(path) as store:
        for days in (0, -400, 30, -4000):
            store.set_fact(fact(f"{days}", "address.form", when=NOW + timedelta(days=days)))
        assert [kept.value for kept in store.history("r1")] == ["0", "-400", "30", "-4000"]
        assert store.snapshot("r1").value("address.form") == "-4000"


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "r1.yaml"
    file.write_text("format: 2\nid: r1\nthings: {}\nfacts: {name.full: A}\n")
    with pytest.raises(KithError, match=r"r1\.yaml, line 1: format: was written by a newer version of Kith"):
        read_resident(file, NOW)
    file.write_text("format: 1\nid: r1\nfacts: {name.full: A}\n")
    assert read_resident(file, NOW)[0].value == "A"


def test_a_disk_that_takes_no_more_loses_nothing_that_was_acknowledged(path: Path) -> None:
    """A real limit of the system on the size of files: writing to the log fails in the middle."""
    ProfileStore(path).close()
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        code = 1
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            with ProfileStore(path) as store:
                resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
                try:
                    for number in range(5000):
                        store.set_fact(fact(f"item {number}", note="x" * 900))
                        os.write(write, f"item {number}\n".encode())
                except KithError as problem:
                    code = 0 if "disk" in str(problem) and "\n" not in str(problem) else 2
                before = len(store.history("r1"))
                resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
                assert len(store.snapshot("r1").values("food.liked")) == before
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read) as told:
        acknowledged = told.read().splitlines()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(acknowledged) > 10
    with ProfileStore(path) as store:
        assert [kept.value for kept in store.history("r1")] == acknowledged
        assert store.verify() == len(acknowledged)
        assert store.set_fact(fact("goes on")).sequence == len(acknowledged) + 1


EDITS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                ("resident", "stated"),
                ("carer", "stated"),
                ("family", "stated"),
                ("carer", "locked"),
                ("resident", "retracted"),
            ]
        ),
        st.sampled_from(["Mrs K", "Hanna", "pani Hanno"]),
    ),
    min_size=2,
    max_size=8,
)


@given(EDITS, st.randoms(use_true_random=False))
def test_edits_of_one_fact_are_decided_alike_wherever_and_in_whatever_order_they_arrive(
    edits: list[tuple[tuple[str, str], str]], chance: object
) -> None:
    facts = [
        fact("" if status == "retracted" else value, "address.form", source, status, sequence=number)
        for number, ((source, status), value) in enumerate(edits, start=1)
    ]
    home = Profile("r1", facts=facts)
    shuffled = list(facts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    robot = Profile("r1")
    for arrived in shuffled:
        robot = robot.with_fact(arrived)
    assert robot == home
    assert robot.value("address.form") == home.value("address.form")
    assert Profile("r1", home.sequence, home.standing) == home


@given(st.text(min_size=1, max_size=60))
def test_text_is_kept_as_it_is_or_refused(text: str) -> None:
    try:
        kept = fact(text)
    except KithError:
        categories = {unicodedata.category(letter) for letter in text}
        assert not text.strip() or categories & {"Cc", "Cs", "Zl", "Zp"}
    else:
        assert kept.value == text
