from datetime import UTC, datetime, timedelta

from behaviours.identity import Kind, Level, Presence

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def here(*kinds: Kind, bodies: tuple[str, ...] = ("b1",)) -> Presence:
    presence = Presence()
    presence.bodies(bodies, NOW)
    for kind in kinds:
        presence.observe("hanna", kind, f"{kind}1", 0.9, NOW)
    return presence


def test_nobody_is_known_without_evidence() -> None:
    assert here().speaker(NOW).level is Level.UNKNOWN


def test_one_kind_of_signal_is_public_two_kinds_are_private() -> None:
    assert here(Kind.FACE).speaker(NOW).level is Level.PUBLIC
    assert here(Kind.FACE, Kind.BODY).speaker(NOW).level is Level.PRIVATE
    twice = here(Kind.FACE)
    twice.observe("hanna", Kind.FACE, "face2", 0.9, NOW)
    assert twice.speaker(NOW).level is Level.PUBLIC


def test_nobody_counts_as_alone_when_nobody_can_see() -> None:
    presence = Presence()
    presence.observe("hanna", Kind.FACE, "f", 0.9, NOW)
    presence.observe("hanna", Kind.BODY, "b", 0.9, NOW)
    assert presence.speaker(NOW).level is Level.PUBLIC
    presence.bodies(["b"], NOW)
    assert presence.speaker(NOW).level is Level.PRIVATE
    assert presence.speaker(NOW + timedelta(seconds=15)).level is Level.PUBLIC


def test_a_second_body_or_a_second_person_ends_privacy_at_once() -> None:
    assert here(Kind.FACE, Kind.BODY, bodies=("b1", "b2")).speaker(NOW).level is Level.PUBLIC
    presence = here(Kind.FACE, Kind.BODY)
    presence.observe("kenji", Kind.OTHER, "tag", 0.9, NOW)
    assert presence.who("hanna", NOW).level is Level.PUBLIC
    assert presence.speaker(NOW).person_id == ""


def test_evidence_expires_and_confidence_zero_ends_it() -> None:
    presence = here(Kind.FACE, Kind.BODY)
    presence.observe("hanna", Kind.BODY, "body1", 0.0, NOW)
    assert presence.speaker(NOW).level is Level.PUBLIC
    assert presence.people(NOW + timedelta(seconds=30)) == ()


def test_a_voice_that_is_somebody_elses_is_not_taken_for_who_is_seen() -> None:
    presence = here(Kind.FACE, Kind.BODY)
    presence.observe("kenji", Kind.VOICE, "v9", 0.9, NOW)
    assert presence.speaker(NOW, "v9").person_id == "kenji"
    assert presence.speaker(NOW, "v9").level is Level.PUBLIC
