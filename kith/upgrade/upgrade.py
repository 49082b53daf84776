"""The upgrade: back up, note down, fetch, switch, set up, check; back to where it was if any of it fails."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from culture_profiles.errors import KithError
from kith.home import running
from kith.keeping import backup
from kith.keeping.lock import stopped
from kith.keeping.owner import as_owner
from kith.service import units
from kith.service.machine import Machine
from kith.upgrade.built import Built
from kith.upgrade.checkout import Checkout, Place
from kith.upgrade.programs import base_python, run
from kith.upgrade.record import Record, read, write

_SET_UP_S = 3600.0
_CHECK_S = 300.0
_STARTED_WITHIN_S = 60.0

Say = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """How an upgrade or a rollback ended."""

    changed: bool
    from_commit: str
    to_commit: str
    """Where the checkout stands now."""
    backup: str = ""
    rolled_back: bool = False
    why: str = ""
    """Why it was rolled back, one line."""
    data: str = "kept"
    """kept · restored"""


@dataclass(frozen=True)
class Upgrade:
    """One checkout and the home that it runs."""

    checkout: Checkout
    home: Path
    machine: Machine
    say: Say

    @property
    def folder(self) -> Path:
        """Where the record and the copies are."""
        return self.checkout.git_dir / "kith-upgrade"

    @property
    def _record(self) -> Path:
        return self.folder / "record.json"

    @property
    def _built(self) -> Built:
        return Built(self.checkout.root, self.folder / "built")

    # The service ----------------------------------------------------------------------------------------------------
    def _serves(self) -> bool:
        """Whether the machine's service runs this home now."""
        if self.home != units.service_home() or not self.machine.has_systemd:
            return False
        return self.machine.unit(units.SERVICE).active in ("active", "activating")

    @contextmanager
    def _service_stopped(self) -> Iterator[bool]:
        """Stop the service if it runs this home; it runs again afterwards, whatever happened."""
        served = self._serves()
        if served:
            self.machine.require()
            self.say("Stopping the service")
            self.machine.call(self.machine.systemctl, "stop", units.SERVICE)
        try:
            yield served
        finally:
            if served and not self._serves():
                self.machine.call(self.machine.systemctl, "start", units.SERVICE)

    def _start_service(self) -> None:
        """Start the service and see the home take its lock. Errors: KithError when it does not."""
        self.machine.call(self.machine.systemctl, "start", units.SERVICE)
        deadline = time.monotonic() + _STARTED_WITHIN_S
        pause = threading.Event()
        while running(self.home) is None:
            if time.monotonic() > deadline or self.machine.unit(units.SERVICE).active == "failed":
                raise KithError("the service did not start (journalctl -u kith)")
            pause.wait(0.5)

    # Steps ----------------------------------------------------------------------------------------------------------
    def _back_up(self, now: datetime) -> str:
        with as_owner(self.home):
            if not self.home.is_dir() or not backup.stores(self.home):
                return ""
            taken = backup.make(self.home, now, "upgrade")
            backup.verify(taken)
            return taken.name

    def _set_up(self) -> None:
        root = self.checkout.root
        command = [base_python(), "-m", "kith.setup", "--for", "demo"]
        log = self.folder / "upgrade.log"
        run(command, checkout=root, owned=root, timeout_s=_SET_UP_S, log=log, what="set-up")

    def _check(self, data: str) -> None:
        """Let the version now in place judge itself: its doctor, and a start of every node on a copy of the data."""
        root, log = self.checkout.root, self.folder / "upgrade.log"
        owned = self.home if self.home.is_dir() else root
        doctor = [str(root / ".venv/bin/kith"), "--home", str(self.home), "doctor"]
        run(doctor, checkout=root, owned=owned, timeout_s=_CHECK_S, log=log, what="`kith doctor`")
        trial = [*doctor, "--start"]
        if data:
            trial += ["--data", str(self.home / backup.FOLDER / data)]
        run(
            trial, checkout=root, owned=owned, timeout_s=_CHECK_S, log=log, what="the trial start on a copy of the data"
        )

    def _go_back(self, record: Record, *, data: bool) -> None:
        """Code and built parts as they were; the data too when `data`."""
        self.checkout.back(Place(record.from_commit, record.from_branch))
        if self._built.saved:
            self._built.put_back()
        else:
            self._set_up()
        if data and record.backup:
            with as_owner(self.home):
                taken = backup.find(self.home, record.backup)
                backup.verify(taken)
                backup.put_back(self.home, taken)

    # Whole ----------------------------------------------------------------------------------------------------------
    def upgrade(self, wanted: str | None, now: datetime) -> Outcome:
        """Go to `wanted`, or to the newest of the branch. Rolls back by itself; see the outcome.

        Errors: KithError when it could not even begin (nothing has changed), or could not go back (says what to do).
        """
        unfinished = read(self._record) if self.checkout.root.joinpath(".git").exists() else None
        if unfinished is not None and unfinished.state == "under way":
            raise KithError("an earlier upgrade was cut short: run `kith upgrade --rollback` first")
        self.checkout.require_clean()
        here = self.checkout.place()
        self.say("Fetching")
        target = self.checkout.fetch(wanted)
        if target == here.commit:
            return Outcome(changed=False, from_commit=here.commit, to_commit=here.commit)
        with self._service_stopped() as served:
            if served:
                # The service holds the lock again only when the new version has started it.
                outcome = self._upgrade_stopped(here, target, now)
                if not outcome.rolled_back:
                    outcome = self._begin_service(outcome)
                return outcome
            return self._upgrade_stopped(here, target, now)

    def _begin_service(self, outcome: Outcome) -> Outcome:
        try:
            self._start_service()
        except BaseException as problem:
            record = read(self._record)
            assert record is not None
            self.machine.call(self.machine.systemctl, "stop", units.SERVICE)
            with self._locked():
                with as_owner(self.home):
                    backup.make(self.home, datetime.now(UTC), "restore")
                return self._rolled_back(record, problem)
        return outcome

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep anybody from starting the home meanwhile."""
        if not self.home.is_dir():
            yield
            return
        with ExitStack() as held:
            with as_owner(self.home):
                held.enter_context(stopped(self.home))
            yield

    def _upgrade_stopped(self, here: Place, target: str, now: datetime) -> Outcome:
        with self._locked():
            self.say("Backing up the home")
            saved = self._back_up(now)
            self.say("Keeping a copy of what is installed")
            self._built.save()
            record = Record(
                state="under way",
                started=now.astimezone(UTC).isoformat(),
                from_commit=here.commit,
                from_branch=here.branch,
                lock_sha256=self.checkout.lock_hash(),
                to_commit=target,
                home=str(self.home),
                backup=saved,
            )
            write(self._record, record)
            try:
                self.say(f"Switching from {here.commit[:10]} to {target[:10]}")
                self.checkout.switch(target)
                self.say("Setting up")
                self._set_up()
                self.say("Checking")
                self._check(saved)
            except BaseException as problem:
                return self._rolled_back(record, problem)
            write(self._record, replace(record, state="done"))
        return Outcome(changed=True, from_commit=here.commit, to_commit=target, backup=saved)

    def _rolled_back(self, record: Record, problem: BaseException) -> Outcome:
        why = str(problem) if isinstance(problem, KithError) else type(problem).__name__
        self.say(f"Going back: {why}")
        try:
            self._go_back(record, data=True)
        except (KithError, OSError) as worse:
            raise KithError(
                f"the upgrade failed ({why}) and so did going back ({worse}): in {self.checkout.root} run "
                f"`git checkout {record.from_commit}`, then `make setup`"
                + (f", then `kith service restore {record.backup}`" if record.backup else "")
            ) from None
        self._record.unlink(missing_ok=True)
        return Outcome(
            changed=False,
            from_commit=record.from_commit,
            to_commit=record.from_commit,
            backup=record.backup,
            rolled_back=True,
            why=why,
            data="restored" if record.backup else "kept",
        )

    def rollback(self, now: datetime) -> Outcome:
        """Undo the last upgrade, also one that was cut short.

        What residents said since then is kept when the version before can start on it; else the data of before the
        upgrade comes back, and the newer data stays as a backup. Errors: KithError when there is nothing to undo.
        """
        record = read(self._record)
        if record is None:
            raise KithError("there is no upgrade to roll back")
        if record.home != str(self.home):
            raise KithError(f"the last upgrade was of the home in {record.home}: give it with --home")
        self.checkout.require_clean()
        left = self.checkout.place().commit
        with self._service_stopped(), self._locked():
            self.say("Backing up the home")
            newest = self._back_up(now)
            self.say(f"Going back to {record.from_commit[:10]}")
            self._go_back(record, data=False)
            data = "kept"
            try:
                self.say("Checking")
                self._check(newest)
            except KithError as problem:
                if not record.backup:
                    raise
                self.say(f"Restoring the data of before the upgrade: {problem}")
                with as_owner(self.home):
                    taken = backup.find(self.home, record.backup)
                    backup.verify(taken)
                    backup.put_back(self.home, taken)
                data = "restored"
            self._record.unlink()
        return Outcome(
            changed=True, from_commit=left, to_commit=record.from_commit, backup=newest, rolled_back=True, data=data
        )
