"""One finding of the doctor."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One thing looked at, in words a carer can read to a technician."""

    area: str
    """engine · model · language · resident · ros · body · port · device · home · machine"""
    name: str
    ready: bool
    needed: bool
    """Whether `kith up` needs it."""
    what: str
    """How it is, one line."""
    todo: str = ""
    """What to do, one line; empty when there is nothing to do."""
