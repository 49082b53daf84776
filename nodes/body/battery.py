"""A driver's battery as the contract has it: a fraction, and what is not known is not a number."""

import math

from sensor_msgs.msg import BatteryState

NAN = math.nan


def believed(message: BatteryState) -> BatteryState | None:
    """The message to hand on; None where it tells no charge. Some drivers tell per cent."""
    charge = message.percentage
    if charge > 1.0 + 1e-3:
        charge /= 100.0
    if not 0.0 <= charge <= 1.0 + 1e-3:
        return None
    message.percentage = min(charge, 1.0)
    message.present = True
    return message


def state(charge: float, *, charging: bool, full: bool = False) -> BatteryState:
    """A battery of which little is known. `charge`: 0 to 1."""
    status = (
        BatteryState.POWER_SUPPLY_STATUS_FULL
        if full and charging
        else BatteryState.POWER_SUPPLY_STATUS_CHARGING
        if charging
        else BatteryState.POWER_SUPPLY_STATUS_DISCHARGING
    )
    return BatteryState(
        percentage=charge,
        power_supply_status=status,
        present=True,
        voltage=NAN,
        current=NAN,
        charge=NAN,
        capacity=NAN,
        design_capacity=NAN,
        temperature=NAN,
    )
