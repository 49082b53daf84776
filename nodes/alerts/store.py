"""The alert file: every alert until it is closed and after, what was done with it, and who carries the alerts."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from behaviours.calling import alert as calling
from behaviours.calling.alert import SEALED, Alert, Level, Shift, State
from culture_profiles.errors import KithError
from nodes.alerts import schema
from nodes.base.durable import FINISH, DurableFile, told_clearly

_FIELDS = tuple(field.name for field in fields(Alert))
_TIMES = ("raised_at", "last_sent_at", "accepted_at")


def _text(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def _row(alert: Alert) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(alert, name) for name in _FIELDS}
    for name in _TIMES:
        row[name] = _text(row[name]) if row[name] else None
    row["level"], row["state"] = int(alert.level), int(alert.state)
    return row


def _alert(row: dict[str, Any]) -> Alert:
    made = {name: row[name] for name in _FIELDS}
    for name in _TIMES:
        made[name] = datetime.fromisoformat(made[name]) if made[name] else None
    made["level"], made["state"] = Level(made["level"]), State(made["state"])
    return Alert(**made)


def paging(alert: Alert) -> tuple[str, int]:
    """How an alert stands for a pager: what happened last, and for what goes out again how often."""
    event = {State.ACCEPTED: "accepted", State.CLOSED: "closed"}.get(alert.state, "raised")
    return event, alert.raise_count if event == "raised" else 0


class AlertStore:
    """For one thread of one process. A method that writes returns when it is on the disk; errors: KithError."""

    def __init__(
        self, path: Path, *, again_after: timedelta, same_call_for: timedelta, key_of: Path | None = None
    ) -> None:
        """Open or make the file, encrypted; `key_of`: the file whose key it is, for a copy. Errors: KithError."""
        self._file = DurableFile(path, schema.APPLICATION_ID, schema.MIGRATIONS, encrypted=True, key_of=key_of)
        self._again_after = again_after
        self._same_call_for = same_call_for
        with told_clearly(path):
            rows = list(self._file.db.query("SELECT * FROM alerts WHERE state < 4 ORDER BY raised_at, id"))
            self._open = {row["id"]: _alert(row) for row in rows}
            shift = self._file.db.execute("SELECT holder, deputy FROM shifts ORDER BY sequence DESC LIMIT 1").fetchone()
            self._paged: dict[str, set[tuple[str, int]]] = {}
            for alert_id, event, count in self._file.db.execute("SELECT alert_id, event, count FROM paged"):
                self._paged.setdefault(alert_id, set()).add((event, count))
        self.shift = Shift(*shift) if shift else Shift()
        self._unwritten: set[str] = set()  # shown to staff, but the disk has refused them so far

    def stand_alone(self) -> None:
        """For a copy that is done: no write-ahead log beside it. Errors: KithError."""
        self._file.stand_alone()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def open_alerts(self) -> list[Alert]:
        """The most urgent first, then the oldest."""
        return sorted(self._open.values(), key=lambda alert: (-alert.level, alert.raised_at, alert.id))

    def find(self, alert_id: str) -> Alert | None:
        """An alert by its id, or by the id of one that was merged into it."""
        with told_clearly(self._file.path):
            row = self._file.db.execute("SELECT into_id FROM merged WHERE id = ?", [alert_id]).fetchone()
            alert_id = str(row[0]) if row else alert_id
            if alert_id in self._open:
                return self._open[alert_id]
            rows = list(self._file.db.query("SELECT * FROM alerts WHERE id = ?", [alert_id]))
        return _alert(rows[0]) if rows else None

    def raise_alert(self, new: Alert, now: datetime) -> Alert:
        """Write an alert down, once, and say what has become of it. It is on the disk when this returns.

        Errors: KithError; a new alert that the disk refuses is among the open ones all the same, and tried again
        when it is raised again.
        """
        calling.check(new)
        known = self.find(new.id)
        if known is not None and known.id not in self._unwritten:
            lowered = calling.lowered(known, new)
            return known if lowered is None else self._changed(known, lowered, "lowered", new.robot, now)
        new = known or replace(new, text=new.text[: calling.LONGEST_TEXT])
        for other in self._open.values():
            if other.id != new.id and calling.same_call(other, new, now, self._same_call_for):
                self._open.pop(new.id, None)
                self._unwritten.discard(new.id)
                return self._write(calling.merged(other, new), "raised again", "", now, merged_id=new.id)
        self._open[new.id] = new
        self._unwritten.add(new.id)
        return self._write(new, "raised", new.robot, now)

    def delivered(self, alert_id: str, to: str, now: datetime) -> Alert:
        """A device where `to` is signed in has shown it; that counts for who carries the alerts. Errors: KithError."""
        known = self._known(alert_id)
        return self._changed(known, calling.delivered(known, to, self.shift), "delivered", to, now)

    def accept(self, alert_id: str, by: str, now: datetime) -> Alert:
        """A named person accepts. Errors: KithError."""
        known = self._known(alert_id)
        return self._changed(known, calling.accepted(known, by, now), "accepted", by.strip(), now)

    def close_alert(self, alert_id: str, by: str, now: datetime) -> Alert:
        """A named person closes. Errors: KithError."""
        known = self._known(alert_id)
        return self._changed(known, calling.closed(known, by, now), "closed", by.strip(), now)

    def send_again(self, now: datetime) -> bool:
        """Count up every alert that nobody accepted in time; whether any was."""
        changed = False
        for known in list(self._open.values()):
            again = calling.sent_again(known, now, self._again_after)
            changed |= again.raise_count > known.raise_count
            if again != known:
                self._changed(known, again, "sent again", "", now)
        return changed

    def residents(self) -> set[str]:
        """About whom there are alerts that an erasure concerns. Errors: KithError."""
        kinds = ", ".join("?" for _ in SEALED)
        sql = f"SELECT DISTINCT resident_id FROM alerts WHERE resident_id != '' AND kind NOT IN ({kinds})"  # noqa: S608
        with told_clearly(self._file.path):
            return {row[0] for row in self._file.db.execute(sql, sorted(SEALED))}

    def erase(self, resident_id: str, *, open_too: bool = False) -> int:
        """Erase the alerts about a resident, also from free pages and the log; returns how many went.

        Those about safeguarding stay: they are not the resident's own (care rule 5). `open_too`: in a copy that nobody
        works with. Errors: KithError while one is still open, or somebody else reads the file: then the rest is to be
        erased again.
        """
        kinds = ", ".join("?" for _ in SEALED)
        ours = f"(SELECT id FROM alerts WHERE resident_id = ? AND state >= ? AND kind NOT IN ({kinds}))"  # noqa: S608
        given = [resident_id, 0 if open_too else State.CLOSED.value, *sorted(SEALED)]
        with self._file.change() as db:
            for where in (f"events WHERE alert_id IN {ours}", f"merged WHERE into_id IN {ours}",
                          f"paged WHERE alert_id IN {ours}"):  # fmt: skip
                db.execute(f"DELETE FROM {where}", given)  # noqa: S608 - our own names
            gone = db.execute(f"DELETE FROM alerts WHERE id IN {ours}", given).rowcount  # noqa: S608
        scrubbed = self._file.scrub()
        ours_open = [
            each for each in self._open.values() if each.resident_id == resident_id and each.kind not in SEALED
        ]
        if open_too:
            for alert in ours_open:
                del self._open[alert.id]
        elif ours_open:
            raise KithError(f"an alert about the resident is still open: close it, then {FINISH}")
        if not scrubbed:
            raise KithError(f"somebody reads the alerts just now: {FINISH} in a moment")
        return int(gone)

    def next_due(self) -> datetime | None:
        """When `send_again` has something next."""
        times = (calling.due_again(alert, self._again_after) for alert in self._open.values())
        return min((each for each in times if each is not None), default=None)

    def set_shift(self, shift: Shift, now: datetime) -> None:
        """Who carries the alerts from now on. Errors: KithError."""
        holder, deputy = (calling.person(name) if name.strip() else "" for name in (shift.holder, shift.deputy))
        before, after = self.shift, Shift(holder, deputy)
        handed = [calling.handed(alert, before, after) for alert in self._open.values()]
        with self._file.change() as db:
            db.execute("INSERT INTO shifts (at, holder, deputy) VALUES (?, ?, ?)", [_text(now), holder, deputy])
            for alert in handed:
                if alert != self._open[alert.id]:
                    self._put(alert, f"handed over by {before.first or 'nobody'}", after.first, now)
        self.shift = after
        self._open = {alert.id: alert for alert in handed}

    # The pager ------------------------------------------------------------------------------------------------------
    def to_page(self) -> list[Alert]:
        """Alerts of which the pager has not taken yet how they are now; of a closed one only if it had it before."""
        found = [alert for alert in self._open.values() if paging(alert) not in self._paged.get(alert.id, ())]
        for alert_id in [each for each in self._paged if each not in self._open]:
            alert = self.find(alert_id)
            if alert is not None and paging(alert) not in self._paged[alert_id]:
                found.append(alert)
        return found

    def paged(self, alert_id: str, event: str, count: int) -> None:
        """The pager has taken that. Errors: KithError."""
        if event == "closed":
            self._paged.pop(alert_id, None)
        else:
            self._paged.setdefault(alert_id, set()).add((event, count))
        with self._file.change() as db:
            if event == "closed":
                db.execute("DELETE FROM paged WHERE alert_id = ?", [alert_id])
            else:
                db.execute("INSERT OR IGNORE INTO paged VALUES (?, ?, ?)", [alert_id, event, count])

    def _known(self, alert_id: str) -> Alert:
        known = self.find(alert_id)
        if known is None:
            raise KithError("there is no such alert")
        return known

    def _changed(self, known: Alert, alert: Alert, what: str, who: str, now: datetime) -> Alert:
        return self._write(alert, what, who, now) if alert != known else known

    def _write(self, alert: Alert, what: str, who: str, now: datetime, *, merged_id: str = "") -> Alert:
        with self._file.change() as db:
            self._put(alert, what, who, now)
            if merged_id:
                db.execute("INSERT OR IGNORE INTO merged VALUES (?, ?)", [merged_id, alert.id])
        self._unwritten.discard(alert.id)
        if alert.open:
            self._open[alert.id] = alert
        else:
            self._open.pop(alert.id, None)
        return alert

    def _put(self, alert: Alert, what: str, who: str, now: datetime) -> None:
        """Within a change: the alert as it is now, and what was done."""
        db = self._file.db
        db.execute(
            f"INSERT OR REPLACE INTO alerts ({', '.join(_FIELDS)}) "  # noqa: S608 - our own names
            f"VALUES ({', '.join(':' + name for name in _FIELDS)})",
            _row(alert),
        )
        db.execute(
            "INSERT INTO events (at, alert_id, what, who) VALUES (?, ?, ?, ?)", [_text(now), alert.id, what, who]
        )
