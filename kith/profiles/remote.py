"""The residents of a running home, through the services of its profiles node."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from kith_msgs import srv

from culture_profiles.fact import Fact
from culture_profiles.profile import Profile
from kith.remote import Remote, remote
from nodes.base import graph
from nodes.base.profile_messages import fact_from_msg, fact_to_msg, facts_from_msgs, profile_from_snapshot_msg

_ATTEMPTS = 6  # a repeated write is one write


@contextmanager
def remote_residents(ros_domain_id: int) -> Iterator["RemoteResidents"]:
    """Join the ROS domain of a running home for as long as the block lasts."""
    with remote(ros_domain_id, "profiles") as profiles:
        yield RemoteResidents(profiles)


class RemoteResidents:
    """Asks the profiles node. Every method raises KithError: what the node says, or that it does not answer."""

    def __init__(self, profiles: Remote) -> None:
        self._profiles = profiles

    def names(self) -> dict[str, str]:
        """Each resident's id and display name, by id."""
        answer = self._ask(graph.LIST_RESIDENTS, srv.ListResidents.Request())
        return dict(zip(answer.resident_ids, answer.names, strict=True))

    def snapshot(self, resident_id: str) -> Profile:
        """What is known of a resident."""
        answer = self._ask(graph.GET_SNAPSHOT, srv.GetSnapshot.Request(resident_id=resident_id))
        return profile_from_snapshot_msg(answer.snapshot)

    def history(self, resident_id: str, key: str = "") -> list[Fact]:
        """Every fact ever kept, oldest first, of one key or all."""
        return facts_from_msgs(
            self._ask(graph.GET_HISTORY, srv.GetHistory.Request(resident_id=resident_id, key=key)).facts
        )

    def write(self, fact: Fact) -> Fact:
        """Store a fact; the node gives sequence and time."""
        return fact_from_msg(self._ask(graph.SET_FACT, srv.SetFact.Request(fact=fact_to_msg(fact))).stored)

    def erase(self, resident_id: str, key: str, by: str) -> str:
        """Erase a resident, or one key of theirs, from the store; returns the receipt's id."""
        request = srv.EraseProfile.Request(resident_id=resident_id, key=key, by=by)
        return str(self._profiles.ask(graph.ERASE_PROFILE, request).receipt_id)

    def set_legal_hold(self, resident_id: str, reason_code: str, by: str) -> None:
        """Place a legal hold, or with an empty reason code end all."""
        request = srv.SetLegalHold.Request(resident_id=resident_id, reason_code=reason_code, by=by)
        self._profiles.ask(graph.SET_LEGAL_HOLD, request)

    def report_copies(self, holder: str, held: Mapping[str, int]) -> list[str]:
        """Say which copies a holder still has; returns those that it must remove."""
        request = srv.ReportCopies.Request(holder=holder, resident_ids=list(held), sequences=list(held.values()))
        return list(self._ask(graph.REPORT_COPIES, request).remove)

    def _ask(self, service: graph.Service, request: Any) -> Any:
        return self._profiles.ask(service, request, attempts=_ATTEMPTS)
