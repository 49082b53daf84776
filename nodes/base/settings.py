"""A node's parameters as one typed, frozen dataclass: declared to ROS with description and range, read once."""

from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor
from rclpy.node import Node

Value = TypeVar("Value", bool, int, float, str, list[str])


def setting(
    default: Value,
    description: str,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
) -> Value:
    """A field of a `Settings` class: default, description with its unit, and range or choices.

    `low` and `high` are inclusive and, like the value, in the unit that the description names.
    """
    made: Value = field(
        default_factory=lambda: default,
        metadata={"description": description, "low": low, "high": high, "choices": choices, "default": default},
    )
    return made


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What every node can be told."""

    autostart: bool = setting(True, "Configure and activate itself at start, without a life-cycle manager")
    home_dir: str = setting("", "Directory that holds the home's data; empty: the node keeps nothing on disk")


def _descriptor(metadata: dict[str, Any]) -> ParameterDescriptor:
    made = ParameterDescriptor(description=metadata["description"])
    if metadata["choices"]:
        made.additional_constraints = "one of: " + ", ".join(metadata["choices"])
    low, high = metadata["low"], metadata["high"]
    if low is not None and high is not None:
        if isinstance(metadata["default"], float):
            made.floating_point_range = [FloatingPointRange(from_value=float(low), to_value=float(high))]
        else:
            made.integer_range = [IntegerRange(from_value=int(low), to_value=int(high))]
    return made


def declare(node: Node, settings: type[Settings]) -> None:
    """Declare every field as a ROS parameter of the same name.

    Errors: rclpy's InvalidParameterValueException or InvalidParameterTypeException for an override that does not fit.
    """
    for item in fields(settings):
        node.declare_parameter(item.name, item.metadata["default"], _descriptor(dict(item.metadata)))


SettingsT = TypeVar("SettingsT", bound=Settings)


def read(node: Node, settings: type[SettingsT]) -> SettingsT:
    """The parameters as they stand now.

    Errors: ValueError that names the parameter and its choices.
    """
    values: dict[str, Any] = {}
    for item in fields(settings):
        value = node.get_parameter(item.name).value
        choices = item.metadata["choices"]
        if choices and value not in choices:
            raise ValueError(f"parameter {item.name} is {value!r}: use one of {', '.join(choices)}")
        values[item.name] = list(value) if isinstance(item.metadata["default"], list) else value
    return settings(**values)
