"""What a client of an action is sent with every step of a goal does not grow with the goals there have been."""

from collections.abc import Callable
from typing import Any

from action_msgs.msg import GoalStatusArray
from kith_msgs.action import Speak
from rclpy.action import ActionClient
from rclpy.qos import qos_profile_action_status_default

from nodes.base import graph
from tests.peer import Peer


def test_ended_goals_leave_the_list_that_every_step_sends(run_node: Callable[..., Any], peer: Peer) -> None:
    run_node("tests.nodes.base.forgetful_node")
    topic = graph.Topic(f"{graph.SPEAK.name}/_action/status", GoalStatusArray, qos_profile_action_status_default)
    lists = peer.listen(topic)
    client = ActionClient(peer.node, Speak, graph.SPEAK.name)
    peer.until(client.server_is_ready, "the action")

    def speak() -> None:
        sent = client.send_goal_async(Speak.Goal(text="Good morning."))
        peer.until(sent.done, "the goal to be taken")
        result = sent.result().get_result_async()
        peer.until(result.done, "the result")
        assert result.result().result.outcome == Speak.Result.FINISHED

    for _ in range(5):
        speak()
    peer.until(lambda: lists and len(lists[-1].status_list) >= 1, "a list")

    def forgotten() -> bool:
        peer.spin_for(1.0)
        speak()
        peer.spin_for(0.3)
        return len(lists[-1].status_list) <= 2

    peer.until(forgotten, "the earlier ones to be forgotten")
