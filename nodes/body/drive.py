"""A base with a driver of its own as the wheels of a body: it is told to stand whenever nobody commands."""

import math
from datetime import timedelta
from typing import Any

from geometry_msgs.msg import Twist, TwistStamped
from nav_msgs.msg import Odometry
from tf2_msgs.msg import TFMessage

from culture_profiles.errors import KithError
from nodes.base import graph, qos, times
from nodes.base.node import KithNode
from nodes.body import frames
from nodes.body.inlet import Inlet
from nodes.body.wheels import Velocity, Wheels

_TICK_S = 0.02
_ODOM_HZ = 50.0
_SILENT_S = 0.5
_CLOCKS_APART = timedelta(seconds=1.0)


def refuse_loop(node: KithNode[Any], own: graph.Topic, theirs: str) -> None:
    """Errors: KithError if the driver listens where the stack above already speaks: nothing would stop it then."""
    if node.resolve_topic_name(own.name) == node.resolve_topic_name(theirs):
        raise KithError(
            f"the driver's {theirs} is the body's own {own.name}: start the driver in a namespace of its own, "
            "such as driver, or give the robot a name"
        )


class Drive:
    """Wheels and odometry. Where the base is goes on only as long as its driver really tells it."""

    def __init__(self, node: KithNode[Any], cmd_vel: str, odom: str, *, stamped: bool, sideways: bool = False) -> None:
        """`cmd_vel`, `odom`: the driver's topics. `stamped`: it wants TwistStamped. Errors: KithError for a loop."""
        refuse_loop(node, graph.CMD_VEL, cmd_vel)
        refuse_loop(node, graph.ODOM, odom)
        self._node, self._stamped, self._sideways = node, stamped, sideways
        self._wheels = Wheels()
        self._inlet = Inlet(_ODOM_HZ, _SILENT_S)
        self._waits_for = f"the base's {odom}: is its driver running?"
        self._heard_before = False
        command = graph.Topic(cmd_vel, TwistStamped if stamped else Twist, qos.COMMAND)
        self._command = node.publisher(command)
        self._odometry = node.publisher(graph.ODOM)
        self.tf = node.publisher(graph.TF)
        node.subscription(graph.CMD_VEL, self._on_cmd_vel)
        node.subscription(graph.Topic(odom, Odometry, qos.SENSOR), self._on_odom)
        node.every(_TICK_S, self._tick, steady=True)
        node.every(0.2, self._watch, steady=True)
        self._listeners = 0

    def stand(self) -> None:
        """Stand still, whatever was commanded."""
        self._tell(self._wheels.stand(self._node.steady_s()))

    @property
    def alive(self) -> bool:
        """Whether the driver tells where the base is."""
        return not self._inlet.silent(self._node.steady_s())

    def _on_cmd_vel(self, message: Twist) -> None:
        wanted = Velocity(message.linear.x, message.linear.y if self._sideways else 0.0, message.angular.z)
        if not wanted.finite:
            self._node.health.count("velocities that are no numbers")
        if not self.alive:
            # A base that cannot be seen is not driven: it may be anywhere.
            self.stand()
            return
        self._tell(self._wheels.command(wanted, self._node.steady_s()))

    def _tick(self) -> None:
        told = self._wheels.due(self._node.steady_s())
        if told is not None:
            self._tell(told)

    def _watch(self) -> None:
        listeners = self._command.get_subscription_count()
        if listeners > self._listeners:
            self.stand()  # a driver that has just come (back) may have an old velocity in its base
        self._listeners = listeners
        if self.alive:
            self._node.health.found(self._waits_for)
            return
        if self._wheels.driving:
            self.stand()
        if self._heard_before:
            self._heard_before = False
            self._node.health.count("driver lost")
            self._node.get_logger().error("the base's driver has fallen silent: standing still until it is back")
        self._node.health.wait_for(self._waits_for)

    def _tell(self, velocity: Velocity) -> None:
        twist = Twist()
        twist.linear.x, twist.linear.y, twist.angular.z = velocity.x, velocity.y, velocity.turn
        if not self._stamped:
            self._command.publish(twist)
            return
        stamped = TwistStamped(twist=twist)
        stamped.header.stamp = times.to_msg(self._node.now())
        stamped.header.frame_id = "base_link"
        self._command.publish(stamped)

    def _on_odom(self, message: Odometry) -> None:
        node, now_s = self._node, self._node.steady_s()
        if not _finite(message):
            node.health.warn("odom", "the base does not know where it is (its odometry is not made of numbers)")
            node.health.count("odometry that is no number")
            if self._wheels.driving:
                self.stand()
            return
        if not self._inlet.take(now_s):
            node.health.values["odometry too often"] = str(self._inlet.dropped)
            return
        node.health.clear("odom")
        if not self._heard_before:
            self._heard_before = True
            self.stand()
        message.header.stamp = times.to_msg(believed_stamp(node, message.header.stamp))
        message.header.frame_id, message.child_frame_id = "odom", "base_link"
        # The contract's base_link is on the floor and upright; some drivers tell how the body's middle leans.
        at, turn = message.pose.pose.position, message.pose.pose.orientation
        yaw = math.atan2(2 * (turn.w * turn.z + turn.x * turn.y), 1 - 2 * (turn.y * turn.y + turn.z * turn.z))
        where = frames.Place((at.x, at.y, 0.0), frames.quaternion(0.0, 0.0, yaw))
        at.z = 0.0
        turn.x, turn.y, turn.z, turn.w = where.rotation
        self._odometry.publish(message)
        self.tf.publish(TFMessage(transforms=[frames.transform("odom", "base_link", where, message.header.stamp)]))


def believed_stamp(node: KithNode[Any], stamp: Any) -> Any:
    """When a driver's message was made; now, where its clock is another one."""
    now = node.now()
    said = times.from_msg(stamp)
    return said if abs(now - said) < _CLOCKS_APART else now


def _finite(message: Odometry) -> bool:
    at, turn = message.pose.pose.position, message.pose.pose.orientation
    linear, angular = message.twist.twist.linear, message.twist.twist.angular
    numbers = (at.x, at.y, turn.x, turn.y, turn.z, turn.w, linear.x, linear.y, angular.z)
    return all(map(math.isfinite, numbers)) and abs(turn.x**2 + turn.y**2 + turn.z**2 + turn.w**2 - 1.0) < 0.1
