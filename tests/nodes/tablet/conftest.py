"""A tablet over a home in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.nodes.tablet.homes import TestHome


@pytest.fixture
def tablet(tmp_path: Path) -> Iterator[TestHome]:
    """Hanna lives there, and George, whose data is nobody's business here."""
    made = TestHome(tmp_path)
    made.know("name.full", "Hanna Nowak")
    made.know("name.full", "George Bell", about="george")
    yield made
    made.close()
