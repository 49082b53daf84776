"""`kith packs` and `kith profiles explain` as somebody types them."""

import json
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest

from culture_profiles.culture.loader import packs
from kith.main import main
from tests.culture_profiles.culture.packs_for_tests import write


def kith(*arguments: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    with patch("sys.argv", ["kith", *arguments]), redirect_stdout(out), redirect_stderr(err):
        code = main()
    return code, out.getvalue(), err.getvalue()


def test_list_names_every_pack_and_whether_it_was_reviewed() -> None:
    code, out, _ = kith("packs", "list")
    assert code == 0
    assert len(out.splitlines()) == len(packs())
    assert all(line.endswith("unreviewed") for line in out.splitlines())
    assert len(json.loads(kith("packs", "list", "--json")[1])) == len(packs())


def test_show_reads_as_plain_text_where_it_is_piped() -> None:
    code, out, _ = kith("packs", "show", "region:japan")
    assert code == 0
    for part in ("Japan", "UNREVIEWED", "of ten people", "Festivals", "Sources", "[1]"):
        assert part in out
    assert "\x1b" not in out
    assert max(len(line) for line in out.splitlines()) <= 100


@pytest.mark.parametrize("reference", sorted(packs()))
def test_every_pack_can_be_shown(reference: str) -> None:
    code, out, err = kith("packs", "show", reference)
    assert (code, err) == (0, "")
    assert packs()[reference].name in " ".join(out.split())


def test_show_as_json_is_the_whole_pack() -> None:
    found = json.loads(kith("packs", "show", "region:japan", "--json")[1])
    assert (found["reference"], found["reviewed"]) == ("region:japan", False)
    assert found["priors"][0]["yes"] > 0


def test_an_unknown_pack_is_refused_in_one_line_with_the_nearest() -> None:
    code, _, err = kith("packs", "show", "region:japn")
    assert code == 2
    assert err == "kith: there is no such pack; did you mean region:japan?\n"


def test_lint_fails_on_a_mistake_and_names_it(tmp_path: Path) -> None:
    path = write(tmp_path, "region:testland", "priors:\n  - {preference: music.jaz, yes: 1, no: 2, source: made}\n")
    code, out, _ = kith("packs", "lint", str(path))
    assert code == 1
    assert out.startswith("testland.yaml, line 8: priors.0.preference: ")
    found = json.loads(kith("packs", "lint", str(path), "--json")[1])
    assert (found["ok"], found["mistakes"][0]["line"]) == (False, 8)
    assert kith("packs", "lint", str(tmp_path / "gone.yaml"))[0] == 2


def test_warnings_fail_only_when_strict(tmp_path: Path) -> None:
    path = write(tmp_path, "region:testland")
    assert kith("packs", "lint", str(path))[0] == 0
    assert kith("packs", "lint", "--strict", str(path))[0] == 1


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home")
    resident = folder / "r1.yaml"
    resident.write_text(
        "id: r1\nsource: resident\nfacts:\n  name.preferred: Ann\n  culture.region.japan: a_lot\n  music.jazz: 'yes'\n"
    )
    code, _, err = kith("--home", str(folder / "data"), "profiles", "import", str(resident))
    assert (code, err) == (0, "")
    yield folder / "data"


def test_explain_says_why_from_whom_and_what_would_change_it(home: Path) -> None:
    code, out, _ = kith("--home", str(home), "profiles", "explain", "r1", "drinks.green_tea", "--simulation")
    assert code == 0
    assert "region:japan" in out
    assert "settles it at once" in out
    assert len(out.strip().splitlines()) == 1
    real = kith("--home", str(home), "profiles", "explain", "r1", "drinks.green_tea")[1]
    assert "yet to review region:japan" in real
    assert "matters a lot" not in real


def test_explain_as_json(home: Path) -> None:
    found = json.loads(kith("--home", str(home), "profiles", "explain", "r1", "music.jazz", "--json")[1])
    assert (found["value"], found["assumed"], found["key"]) == ("yes", False, "music.jazz")


@pytest.mark.parametrize(("resident", "key"), [("r1", "music.jaz"), ("nobody", "music.jazz")])
def test_what_does_not_exist_is_refused(home: Path, resident: str, key: str) -> None:
    code, _, err = kith("--home", str(home), "profiles", "explain", resident, key)
    assert code == 2
    assert len(err.splitlines()) == 1
