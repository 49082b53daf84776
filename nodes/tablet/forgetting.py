"""Messages of residents who were erased are forgotten, whoever erased them and wherever (care rule 25).

The tablet is a holder of copies, as robots are: it tells the profiles' node of whom it has messages, and is told who is
gone. Until then the receipt of an erasure names it as pending.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from kith_msgs import msg, srv
from rclpy.task import Future

from nodes.base import graph
from nodes.base.node import KithNode
from nodes.tablet.records import HOLDER, Records
from nodes.tablet.sent import SentMessages

_LOOK_EVERY_S = 60.0
_SINCE_EVER, _FOR_EVER = 0, 2**62


class Forgetting:
    """On the node's thread."""

    def __init__(self, node: KithNode[Any], records: Records, sent: SentMessages) -> None:
        self._node, self._records, self._sent = node, records, sent
        self._reports = node.client(graph.REPORT_COPIES)
        self._soon = True
        node.subscription(graph.PROFILE_CHANGES, self._on_change)
        node.every(_LOOK_EVERY_S, self._look, steady=True)
        node.every(1.0, self._look_soon, steady=True)

    def _on_change(self, change: msg.ProfileChange) -> None:
        if not change.fact.key:  # something was erased
            self._soon = True

    def _look_soon(self) -> None:
        if self._soon and self._reports.service_is_ready():
            self._soon = False
            self._look()

    def _look(self) -> None:
        """Whoever is known has no message that an erasure reaches; whoever is not known any more is forgotten."""
        self._after(self._records.thread.submit(self._sent.residents), lambda ids: self._report(ids, _FOR_EVER))

    def _report(self, ids: Iterable[str], sequence: int) -> None:
        if not self._reports.service_is_ready():
            self._soon = True
            return
        held = sorted(ids)
        request = srv.ReportCopies.Request(holder=HOLDER, resident_ids=held, sequences=[sequence] * len(held))
        then = partial(self._reported, set(held)) if sequence == _FOR_EVER else lambda _: None
        self._reports.call_async(request).add_done_callback(then)

    def _reported(self, held: set[str], done: Future) -> None:
        answer = done.result()
        if answer is None or not answer.success:
            self._soon = True
            return
        gone = set(answer.remove) & held
        if not gone:
            self._report(held, _SINCE_EVER)
            return
        forgotten = self._records.thread.submit(lambda: self._sent.forget(gone))
        self._after(forgotten, lambda _: self._report(held - gone, _SINCE_EVER))

    def _after(self, call: Any, then: Any) -> None:
        def done(call: Any) -> None:
            problem = call.exception()
            if problem is None:
                self._node.post(lambda: self._node.health.found("messages"))
                self._node.post(lambda: then(call.result()))
            else:
                self._node.post(lambda: self._node.health.warn("messages", str(problem)))

        call.add_done_callback(done)
