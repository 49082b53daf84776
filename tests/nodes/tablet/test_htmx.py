"""htmx is what its makers published, and runs nothing that is written into a page."""

import hashlib
import json
import re
from pathlib import Path

from nodes.tablet.roles import Role
from nodes.tablet.site.site import HERE
from tests.nodes.tablet.homes import TestHome

FOLDER = HERE / "static" / "htmx"
_ROW = re.compile(r"^\| (\S+\.js) \| [^|]+ \| ([0-9a-f]{64}) \|$", re.MULTILINE)


def test_each_file_has_the_hash_that_is_written() -> None:
    written = dict(_ROW.findall((FOLDER / "README.md").read_text(encoding="utf-8")))
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in Path(FOLDER).glob("*.js")}
    assert found == written
    assert set(found) == {"htmx.min.js", "sse.min.js"}


def test_it_evaluates_nothing_and_keeps_no_pages(tablet: TestHome) -> None:
    carer = tablet.signed_in(Role.CARER)
    for path in ("/now", "/robots"):
        page = carer.get(path)
        config = re.search(r"name=\"htmx-config\" content='([^']+)'", page.text)
        assert config is not None
        told = json.loads(config[1])
        assert (told["allowEval"], told["allowScriptTags"], told["historyCacheSize"]) == (False, False, 0)
        policy = page.headers["content-security-policy"]
        assert "script-src 'self';" in policy and "unsafe" not in policy
