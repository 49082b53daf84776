"""The ten tasks of docs/tablet-tasks.md, with as many taps as that page says and none over eight."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from kith.bench.tablet.tasks import LANDSCAPE, UPRIGHT, do_tasks
from nodes.tablet.roles import Role
from tests.browser.conftest import Served
from tests.nodes.tablet.homes import PIN, call

TASKS = Path(__file__).parents[2] / "docs" / "tablet-tasks.md"
_ROW = re.compile(r"^\| (\d+) \| [^|]+ \| (\d+) \|$", re.MULTILINE)


@pytest.mark.parametrize("size", [UPRIGHT, LANDSCAPE])
def test_each_task_takes_as_many_taps_as_written(served: Served, browser: Browser, size: tuple[int, int]) -> None:
    home = served.home
    home.know("name.full", "Hanna Nowak")
    home.know("culture.region.poland", "a_lot", "resident")
    for value in ("chess", "bingo"):
        home.know("topics.liked", value, "observed", "assumed")
    home.home.listed = [call("c1")]
    home.person(Role.CARER, "Anna Price")
    home.person(Role.CARER, "Ben Shaw")
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    done = do_tasks(page, served.url, PIN)
    context.close()
    assert home.known("topics.liked") == ("chess",)
    assert home.known("food.disliked") == ()
    assert home.known("culture.region.poland") == ("not_me",)
    written = {int(number): int(count) for number, count in _ROW.findall(TASKS.read_text())}
    taps = [task.taps for task in done.values()]
    assert dict(enumerate(taps, 1)) == written
    assert max(taps) <= 8
