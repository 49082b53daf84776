"""Quality of service, in one place. Each profile is named after what travels, not after its settings."""

from rclpy.duration import Duration
from rclpy.qos import DurabilityPolicy, HistoryPolicy, QoSProfile, ReliabilityPolicy

SOUND = QoSProfile(
    history=HistoryPolicy.KEEP_LAST,
    depth=100,  # two seconds of 20 ms chunks: a busy moment must not cost a word
    reliability=ReliabilityPolicy.RELIABLE,
    durability=DurabilityPolicy.VOLATILE,
)
"""20 ms chunks on this machine. Reliable: on loopback a resend is cheaper than a lost syllable."""

EVENT = QoSProfile(
    history=HistoryPolicy.KEEP_LAST,
    depth=100,
    reliability=ReliabilityPolicy.RELIABLE,
    durability=DurabilityPolicy.VOLATILE,
)
"""Things that happen once: words, changes, playback. Late joiners ask for a snapshot instead."""

STATE = QoSProfile(
    history=HistoryPolicy.KEEP_LAST,
    depth=1,
    reliability=ReliabilityPolicy.RELIABLE,
    durability=DurabilityPolicy.TRANSIENT_LOCAL,
)
"""The newest value is the truth, and a late joiner needs it at once."""

SENSOR = QoSProfile(
    history=HistoryPolicy.KEEP_LAST,
    depth=5,
    reliability=ReliabilityPolicy.BEST_EFFORT,
    durability=DurabilityPolicy.VOLATILE,
)
"""Measurements at a rate, where the next one is worth more than a resend."""

ROUND = QoSProfile(
    history=HistoryPolicy.KEEP_LAST,
    depth=100,  # many answer at once
    reliability=ReliabilityPolicy.BEST_EFFORT,
    durability=DurabilityPolicy.VOLATILE,
)
"""Questions that are asked again until they are answered: no acknowledgements on top."""

COMMAND = QoSProfile(
    history=HistoryPolicy.KEEP_LAST,
    depth=1,
    reliability=ReliabilityPolicy.RELIABLE,
    durability=DurabilityPolicy.VOLATILE,
    lifespan=Duration(nanoseconds=200_000_000),
)
"""Velocities: a command older than 200 ms must never move a robot."""

DIAGNOSTICS = QoSProfile(
    history=HistoryPolicy.KEEP_LAST,
    depth=50,  # one topic, as many publishers as nodes
    reliability=ReliabilityPolicy.RELIABLE,
    durability=DurabilityPolicy.TRANSIENT_LOCAL,
)
"""For those who read `/diagnostics`: at once how each node stands. A node publishes with `STATE`: only its newest."""
