"""Two days of a home in which nodes are killed and robots cut off: nothing is lost, nothing is said twice."""

import json
import subprocess
import sys

import pytest

KEYS = {
    "occurrences", "lost", "doubled", "uncertain", "closed_by_staff", "closed_by_resident", "alerted", "accepted",
    "on_time_share", "kills", "cuts", "wall_s", "fates",
}  # fmt: skip
LONGEST_S = 600  # a machine that others use as well; alone it takes half a minute


@pytest.mark.timeout(LONGEST_S)
def test_two_days_with_kills_and_cuts() -> None:
    wanted = ["--days", "2", "--residents", "4", "--robots", "2", "--seed", "7", "--kill-every", "12h"]
    command = [sys.executable, "-m", "kith.main", "simulate", *wanted, "--cut-every", "8h", "--json"]
    found = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S - 10, check=False)
    assert found.stdout, found.stderr
    said = json.loads(found.stdout)
    assert said.keys() >= KEYS
    assert said["occurrences"] == len(said["fates"]) >= 2 * 4 * 7
    for what in ("doubled", "uncertain"):  # and each can be traced to its occurrence
        assert said[what] == sum(fate[what] for fate in said["fates"])
    assert (said["lost"], said["doubled"], said["open"], said["unexpected"]) == (0, 0, 0, 0)
    assert said["closed_by_staff"] + said["closed_by_resident"] == said["occurrences"]
    assert said["kills"] >= 3
    assert said["cuts"] >= 5
    assert found.returncode == 0
