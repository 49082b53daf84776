"""`kith reminders` through a running reminders node."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from nodes.base import graph

ADD = ("reminders", "add", "hanna", "call", "your daughter Ewa", "--at", "+2h", "--json")


def _kith(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "kith.main", "--home", str(home), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_through_the_node_while_it_has_the_file(run_node: Any, peer: Any, home_dir: Path) -> None:
    assert _kith(home_dir, "profiles", "set", "hanna", "name.preferred", "Hanna").returncode == 0
    run_node("nodes.profiles.node", home_dir=home_dir)
    run_node("nodes.reminders.node", home_dir=home_dir)
    peer.call(graph.LIST_RESIDENTS, graph.LIST_RESIDENTS.type.Request())
    peer.call(graph.LIST_OCCURRENCES, graph.LIST_OCCURRENCES.type.Request())
    changes = peer.listen(graph.OCCURRENCES)
    made = _kith(home_dir, *ADD)
    assert made.returncode == 0, made.stderr
    peer.until(lambda: changes, "the node's own word of it")
    listed = json.loads(_kith(home_dir, "reminders", "list", "--json").stdout)
    assert [one["routine_id"] for one in listed] == [json.loads(made.stdout)["id"]]
    refused = _kith(home_dir, "reminders", "add", "nobody", "call", "Ewa", "--at", "+2h")
    assert (refused.returncode, "no such resident" in refused.stderr) == (2, True)
