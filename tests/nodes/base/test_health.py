"""What `/diagnostics` says of a node."""

from nodes.base.health import Health, Level


def test_the_worst_problem_is_said_first_and_decides_the_level() -> None:
    health = Health(active=True)
    health.warn("noise", "the room is loud")
    health.error("model", "no recogniser: run kith models install")
    assert health.level is Level.ERROR
    assert health.message.startswith("no recogniser")
    health.clear("model")
    assert (health.level, health.message) == (Level.WARN, "the room is loud")


def test_waiting_is_a_warning_that_names_what_is_missing() -> None:
    health = Health(active=True)
    health.wait_for("profiles")
    assert (health.level, health.message) == (Level.WARN, "waiting for profiles")
    health.found("profiles")
    assert (health.level, health.message) == (Level.OK, "ready")


def test_a_node_that_does_not_act_yet_is_starting() -> None:
    assert Health().message == "starting"
