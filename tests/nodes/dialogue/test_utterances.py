"""What is to be said, one after the other."""

from behaviours.acts import Manner, Speak
from nodes.dialogue.utterances import Utterances


def test_a_second_try_is_not_mistaken_for_the_first() -> None:
    queue = Utterances()
    queue.add(Speak("u1", "Good morning.", "en_GB", Manner(150, 1.0, 0.8), "greet"), 0.0)
    first = queue.next()
    queue.again()
    second = queue.next()
    assert first is not None
    assert second is not None
    assert second is not first
    assert (second.speak, second.tries) == (first.speak, 2)
