"""Passkeys: what does not fit is refused in the same words, and a challenge is answered once and soon."""

import json
from datetime import timedelta

import pytest

from culture_profiles.errors import KithError
from nodes.tablet.passkeys import Challenges
from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import NOW, TestHome


def test_a_challenge_is_answered_once_and_soon() -> None:
    challenges = Challenges()
    name, challenge = challenges.new(NOW)
    assert challenges.take(name, NOW) == challenge
    for late in (name, challenges.new(NOW)[0], "never asked"):
        with pytest.raises(KithError):
            challenges.take(late, NOW + timedelta(minutes=2))


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "{}",
        "null",
        "[1]",
        "x" * 10_000,
        json.dumps({"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {}}),
    ],
)
def test_a_forged_passkey_opens_nothing(tablet: TestHome, credential: str) -> None:
    tablet.person(Role.CARER)
    device = tablet.device()
    for path in ("/sign-in/passkey/options",):
        asked = device.post(path)
        assert asked.json()["options"]["rpId"] == "kith.local"
        answer = device.post("/sign-in/passkey", data={"name": asked.json()["name"], "credential": credential})
        assert answer.status_code == 403
        assert "__Host-kith" not in answer.headers.get("set-cookie", "")
    assert device.post("/sign-in/passkey", headers={"origin": "https://evil.example"}).status_code == 403


@pytest.mark.parametrize("credential", ["", "{}", "[]", "null", "x" * 10_000])
def test_a_made_up_registration_is_told_in_one_line(tablet: TestHome, credential: str) -> None:
    device = tablet.signed_in(Role.CARER)
    asked = device.post("/passkey/options")
    name = json.loads(asked.text)["name"]
    answer = device.post("/passkey", name=name, credential=credential)
    assert (answer.status, "cannot be used" in answer.text) == (409, True)
