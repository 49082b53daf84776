"""Passkeys: a person's own device vouches for them by its own lock, instead of the PIN. On the file's thread.

The web authentication itself is py_webauthn's; here are the keys that were registered and the challenges that are open.
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from culture_profiles.errors import KithError
from nodes.base.durable import DurableFile
from nodes.tablet.people import People, Person
from nodes.tablet.records import stamp

REFUSED = "This passkey does not open anything here: use the PIN."
_OPEN_FOR = timedelta(minutes=2)
_MOST_OPEN = 500


@dataclass(frozen=True, slots=True)
class Where:
    """Under which name the pages were asked for: a passkey belongs to one."""

    host: str
    origin: str


class Challenges:
    """Each is answered once, soon, or never. In memory, on the web server's thread."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, tuple[bytes, datetime]] = OrderedDict()

    def new(self, now: datetime) -> tuple[str, bytes]:
        """A name to answer under, and the challenge."""
        name, challenge = secrets.token_urlsafe(18), secrets.token_bytes(32)
        self._open[name] = (challenge, now)
        while len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)
        return name, challenge

    def take(self, name: str, now: datetime) -> bytes:
        """The challenge, which is then closed. Errors: KithError for an old or unknown one."""
        challenge, since = self._open.pop(name, (b"", now))
        if not challenge or not since <= now < since + _OPEN_FOR:
            raise KithError("That took too long: try again.")
        return challenge


class Passkeys:
    """The keys of one home's people."""

    def __init__(self, file: DurableFile, people: People) -> None:
        self._file, self._people = file, people

    def of(self, person_id: str) -> list[bytes]:
        """The ids of a person's keys."""
        rows = self._file.db.execute("SELECT credential_id FROM passkeys WHERE person_id = ?", [person_id]).fetchall()
        return [bytes(row[0]) for row in rows]

    def remove_all(self, person_id: str) -> None:
        """No device vouches for this person any more."""
        with self._file.change() as db:
            db.execute("DELETE FROM passkeys WHERE person_id = ?", [person_id])

    def to_register(self, person: Person, challenge: bytes, where: Where) -> str:
        """What the browser needs to make a key, as JSON."""
        from webauthn import generate_registration_options, options_to_json
        from webauthn.helpers import structs

        options = generate_registration_options(
            rp_id=where.host,
            rp_name="Kith",
            user_id=person.id.encode(),
            user_name=person.name,
            challenge=challenge,
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=each) for each in self.of(person.id)],
        )
        return str(options_to_json(options))

    def register(self, person: Person, credential: str, challenge: bytes, where: Where, now: datetime) -> None:
        """Keep a key that the browser made. Errors: KithError where it does not fit the challenge."""
        from webauthn import verify_registration_response
        from webauthn.helpers.exceptions import WebAuthnException

        try:
            made = verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=where.host,
                expected_origin=where.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError):
            raise KithError("This device's passkey cannot be used: try another, or the PIN.") from None
        with self._file.change() as db:
            db.execute(
                "INSERT OR IGNORE INTO passkeys (credential_id, person_id, public_key, sign_count, since) "
                "VALUES (?, ?, ?, ?, ?)",
                [made.credential_id, person.id, made.credential_public_key, made.sign_count, stamp(now)],
            )

    @staticmethod
    def to_sign_in(challenge: bytes, where: Where) -> str:
        """What the browser needs to ask for a key, as JSON; whose, the device knows."""
        from webauthn import generate_authentication_options, options_to_json
        from webauthn.helpers.structs import UserVerificationRequirement

        options = generate_authentication_options(
            rp_id=where.host, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
        )
        return str(options_to_json(options))

    def sign_in(self, credential: str, challenge: bytes, where: Where, now: datetime) -> Person:
        """Whose key answered. Errors: KithError for anything not right, always in the same words."""
        from webauthn import verify_authentication_response
        from webauthn.helpers import parse_authentication_credential_json
        from webauthn.helpers.exceptions import WebAuthnException

        try:
            parsed = parse_authentication_credential_json(credential)
            row = self._file.db.execute(
                "SELECT person_id, public_key, sign_count FROM passkeys WHERE credential_id = ?", [parsed.raw_id]
            ).fetchone()
            if row is None:
                raise KithError(REFUSED)
            checked = verify_authentication_response(
                credential=parsed,
                expected_challenge=challenge,
                expected_rp_id=where.host,
                expected_origin=where.origin,
                credential_public_key=bytes(row[1]),
                credential_current_sign_count=int(row[2]),
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError):
            raise KithError(REFUSED) from None
        person = next((each for each in self._people.all() if each.id == row[0]), None)
        if person is None or not person.active or (person.ends_at is not None and person.ends_at <= now):
            raise KithError(REFUSED)
        with self._file.change() as db:
            db.execute(
                "UPDATE passkeys SET sign_count = ? WHERE credential_id = ?", [checked.new_sign_count, parsed.raw_id]
            )
        return person
