"""What staff ask of a robot from the tablet is done by the running mind."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from kith_msgs.action import Remind
from kith_msgs.msg import Occurrence
from kith_msgs.srv import Order
from rclpy.action import ActionClient

from nodes.base import graph, times


def _order(peer: Any, order: int, amount: float = 0.0, person: str = "") -> Any:
    return peer.call(graph.ORDER, Order.Request(order=order, amount=amount, person_id=person, by="p-1"))


def test_quiet_loudness_and_senses(dialogue: Callable[..., Any], room: Any, peer: Any) -> None:
    dialogue()
    heard = peer.listen(graph.SENSES)
    peer.until(lambda: any(each.data for each in heard), "the microphone to be on")
    assert _order(peer, Order.Request.QUIET, 600.0).success
    room.enter("hanna")
    peer.spin_for(3.0)
    assert room.said == []  # nobody is greeted
    assert _order(peer, Order.Request.LOUDNESS, 0.5).success
    room.ask("Hello, good morning.")  # who speaks is answered all the same
    assert room.said[0].volume <= 0.5
    assert not _order(peer, Order.Request.LOUDNESS, 7.0).success
    answer = _order(peer, Order.Request.COME, person="hanna")
    assert not answer.success and "does not travel" in answer.message
    assert _order(peer, Order.Request.SENSES, 0.0).success
    peer.until(lambda: heard and not heard[-1].data, "the microphone to be off")
    room.hear("call bell", "that it cannot hear a call for help now")
    assert _order(peer, Order.Request.SENSES, 1.0).success
    peer.until(lambda: heard[-1].data, "the microphone to be on again")


def test_how_loud_staff_want_it_outlives_a_restart(dialogue: Callable[..., Any], room: Any, peer: Any) -> None:
    told = peer.listen(graph.DIAGNOSTICS)

    def loudness() -> list[str]:
        values = [value for array in told for each in array.status for value in each.values if "dialogue" in each.name]
        return [value.value for value in values if value.key == "loudness"]

    mind = dialogue()
    assert _order(peer, Order.Request.LOUDNESS, 0.75).success
    peer.until(lambda: "0.75" in loudness(), "the loudness to be told")
    mind.kill()
    told.clear()
    mind.start()
    peer.until(loudness, "the mind to be back")
    assert set(loudness()) == {"0.75"}


def test_a_message_is_asked_about_and_then_read(dialogue: Callable[..., Any], room: Any, peer: Any) -> None:
    dialogue()
    room.enter("hanna")
    client = ActionClient(peer.node, Remind, graph.REMIND.name)
    peer.until(client.server_is_ready, "the remind action")
    now = datetime.now(UTC)
    message = Occurrence(
        id="message-1", resident_id="hanna", kind="message", title="Ewa", due=times.to_msg(now),
        window_end=times.to_msg(now + timedelta(hours=1)),
    )  # fmt: skip
    sent = client.send_goal_async(Remind.Goal(occurrence=message, text="See you on Sunday, mother."))
    peer.until(sent.done, "the goal to be answered")
    result = sent.result().get_result_async()
    assert "Sunday" not in room.hear("Ewa").text
    room.say("Yes, please.")
    room.hear("See you on Sunday")
    assert room.outcome(result).outcome == Remind.Result.ACCEPTED
    client.destroy()
