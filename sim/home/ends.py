"""Publishers and subscriptions of the simulator: without handlers of QoS events, each of which slows every turn."""

from collections.abc import Callable
from typing import Any

from rclpy.event_handler import PublisherEventCallbacks, SubscriptionEventCallbacks
from rclpy.node import Node

from nodes.base import graph


def publisher(node: Node, topic: graph.Topic, name: str = "") -> Any:
    """A publisher, under another name where one is given."""
    quiet = PublisherEventCallbacks(use_default_callbacks=False)
    return node.create_publisher(topic.type, name or topic.name, topic.qos, event_callbacks=quiet)


def subscription(node: Node, topic: graph.Topic, callback: Callable[[Any], None]) -> Any:
    """A subscription."""
    quiet = SubscriptionEventCallbacks(use_default_callbacks=False)
    return node.create_subscription(topic.type, topic.name, callback, topic.qos, event_callbacks=quiet)
