"""A robot's last snapshots on its own disk, encrypted, for a restart while the home cannot be reached. No ROS here.

And what it was told meanwhile: facts that wait to be sent home. Nothing stays longer than a week after the home last
confirmed it, so that a robot which is never reached again does not keep what was erased.
"""

import json
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact
from culture_profiles.profile import Profile
from culture_profiles.store import sealing
from culture_profiles.store.problems import told_clearly

KEPT = timedelta(days=7)


class ProfileShelf:
    """For one thread. All methods raise KithError where the file cannot be read or written."""

    def __init__(self, path: Path, now: datetime) -> None:
        """Open it, or make an empty one; what is too old goes.

        Copies that cannot be read any more are removed: they are copies. Errors: KithError.
        """
        self.path = path
        with told_clearly(path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.parent.chmod(0o700)
            key = sealing.make_key(path)
            path.touch(0o600)
            try:
                self._open(key)
            except KithError:
                for companion in ("", "-wal", "-shm"):
                    path.with_name(path.name + companion).unlink(missing_ok=True)
                path.touch(0o600)
                self._open(key)
            self.drop_old(now)

    def _open(self, key: sealing.StoreKey) -> None:
        self._db = sealing.connect(self.path, key)
        try:
            with told_clearly(self.path):
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
                self._db.execute("""
                    CREATE TABLE IF NOT EXISTS snapshots (
                        resident_id TEXT PRIMARY KEY, sequence INTEGER NOT NULL,
                        confirmed_at TEXT NOT NULL, facts TEXT NOT NULL
                    )""")
                self._db.execute("CREATE TABLE IF NOT EXISTS unsent (place INTEGER PRIMARY KEY, fact TEXT NOT NULL)")
        except KithError:
            self._db.close()
            raise

    def drop_old(self, now: datetime) -> None:
        """Erase what the home has not confirmed for too long."""
        with told_clearly(self.path), self._db:
            self._db.execute("DELETE FROM snapshots WHERE confirmed_at < ?", [(now - KEPT).isoformat()])

    def keep(self, profile: Profile, confirmed_at: datetime) -> None:
        """Keep this state of a resident instead of the one before."""
        facts = json.dumps([fact.model_dump(mode="json") for fact in profile.standing], ensure_ascii=False)
        row = [profile.resident_id, profile.sequence, confirmed_at.isoformat(), facts]
        with told_clearly(self.path), self._db:
            self._db.execute("INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)", row)

    def profile(self, resident_id: str) -> tuple[Profile, datetime] | None:
        """The last state kept, and when the home confirmed it."""
        with told_clearly(self.path):
            sql = "SELECT sequence, confirmed_at, facts FROM snapshots WHERE resident_id = ?"
            row = self._db.execute(sql, [resident_id]).fetchone()
        if row is None:
            return None
        try:
            facts = [Fact.model_validate(entry) for entry in json.loads(row[2])]
        except (ValueError, ValidationError):
            return None
        return Profile(resident_id, row[0], facts), datetime.fromisoformat(row[1])

    def held(self) -> dict[str, int]:
        """Of whom a state is kept, and which."""
        with told_clearly(self.path):
            return dict(self._db.execute("SELECT resident_id, sequence FROM snapshots").fetchall())

    def forget(self, resident_id: str) -> None:
        """Erase a resident: snapshot, what waits to be sent, free pages and log."""
        with told_clearly(self.path):
            with self._db:
                self._db.execute("DELETE FROM snapshots WHERE resident_id = ?", [resident_id])
                for place, fact in self.unsent():
                    if fact.resident_id == resident_id:
                        self._db.execute("DELETE FROM unsent WHERE place = ?", [place])
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def add_unsent(self, fact: Fact) -> None:
        """Keep a fact until the home can be told; it is on the disk when this returns."""
        with told_clearly(self.path), self._db:
            self._db.execute("INSERT INTO unsent (fact) VALUES (?)", [fact.model_dump_json()])

    def unsent(self) -> list[tuple[int, Fact]]:
        """What the home has not been told yet, oldest first, each with its place."""
        found = []
        with told_clearly(self.path):
            for place, text in self._db.execute("SELECT place, fact FROM unsent ORDER BY place").fetchall():
                with suppress(ValidationError):
                    found.append((place, Fact.model_validate_json(text)))
        return found

    def sent(self, place: int) -> None:
        """The home has it."""
        with told_clearly(self.path), self._db:
            self._db.execute("DELETE FROM unsent WHERE place = ?", [place])

    def close(self) -> None:
        """Close the file."""
        self._db.close()
