"""Microphone and camera stay off until the very reason for it has ended."""

from nodes.dialogue.senses import Senses
from tests.behaviours.minds import profile


def _hanna(care: str):  # type: ignore[no-untyped-def]
    return profile(care_in_progress=care)


def test_care_of_somebody_here_turns_them_off_until_it_is_over() -> None:
    senses = Senses()
    senses.profile(_hanna("doctor"), here=True)
    assert not senses.on and senses.needs("hanna")
    senses.profile(_hanna("doctor"), here=False)  # who is cared for may not be seen any more
    assert not senses.on
    senses.profile(_hanna("no"), here=False)
    assert senses.on and not senses.needs("hanna")


def test_care_elsewhere_is_nothing_to_this_robot() -> None:
    senses = Senses()
    senses.profile(_hanna("care"), here=False)
    assert senses.on


def test_an_order_stands_beside_care() -> None:
    senses = Senses(ordered_off=True)
    senses.profile(_hanna("care"), here=True)
    senses.profile(_hanna("no"), here=True)
    assert not senses.on
    senses.ordered_off = False
    assert senses.on
