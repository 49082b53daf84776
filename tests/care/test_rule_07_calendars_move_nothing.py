"""Care rule 7: no calendar moves food, drink or medicine: what gives reminders never sees one."""

import subprocess
import sys


def test_what_reminds_and_what_is_given_know_no_calendar_of_a_culture() -> None:
    look = (
        "import sys, nodes.reminders.asking, nodes.reminders.store\n"
        "import behaviours.routines.ladder, behaviours.routines.rule\n"
        "print([name for name in sys.modules if name.startswith('culture_profiles.culture')])"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
