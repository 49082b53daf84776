"""Which behaviour comes before which: the one tree that decides what the robot does.

Ticked for each utterance and a few times a second. From the top: safety, emergency, reminder, conversation, idle, as
the design has it; within a branch the first leaf that applies answers. Waiting leaves (`Hold`) are running: what stands
below them does not begin, and what stands above interrupts them.
"""

from collections.abc import Callable

from py_trees.behaviour import Behaviour
from py_trees.composites import Selector

from behaviours.acts import Act, AlertLevel
from behaviours.branches import (
    adapting,
    calling,
    comforting,
    conversing,
    declining,
    doubling,
    falling,
    informing,
    moving,
    playing,
    refusing,
    remembering,
    reminding,
    repairing,
)
from behaviours.leaves import Answer, Beforehand, Hold, InTime, Leaf, Rest
from behaviours.scene import Heard, Scene

Answering = Callable[[Scene, Heard], list[Act] | None]


def _entertain(scene: Scene, heard: Heard) -> list[Act] | None:
    if playing.is_told(heard):
        return None
    return playing.entertain(scene, heard) or informing.say("entertain")(scene, heard)


def _briefly(function: Answering) -> Answering:
    """Answers, and then goes on with the game that this broke into."""

    def answer(scene: Scene, heard: Heard) -> list[Act] | None:
        acts = function(scene, heard)
        return acts and [*acts, *playing.taken_up(scene, heard.person)]

    return answer


_REQUESTS: dict[str, Answering] = {
    "forget": remembering.forget,
    "wrong": remembering.forget,
    "know_about_me": remembering.tell_what_is_known,
    "who_told": remembering.who_told,
    "do_not_mention": remembering.do_not_mention,
    "break_rules": informing.say("rules.stay"),
    "what_is_kept": informing.say("kept.what"),
    "are_you_robot": informing.say("are_you_robot"),
    "who_are_you": informing.say("who_are_you"),
    "love": informing.say("love"),
    "call_family": calling.asked_for("family", AlertLevel.INFORM, "call_family"),
    "call_carer": calling.asked_for("carer", AlertLevel.ATTEND, "call_carer"),
    "bodily_need": calling.asked_for("need", AlertLevel.ATTEND, "bodily_need"),
    "time": _briefly(informing.clock),
    "date": _briefly(informing.calendar),
    "menu_question": _briefly(informing.menu),
    "who_is_on_shift": _briefly(informing.shift),
    "activities_question": _briefly(informing.activities),
    "weather_question": _briefly(informing.weather),
    "who_am_i_to_you": _briefly(informing.who_am_i),
    "slower": adapting.change("rate", "slow", "slower"),
    "faster": adapting.change("rate", "normal", "faster"),
    "quieter": adapting.change("volume", "soft", "quieter"),
    "louder": adapting.louder,
    "again": adapting.again,
    "language_change": adapting.language,
    "goodbye": conversing.goodbye,
    "what_can_you_do": informing.abilities,
    "exercise": _entertain,
    "entertain": _entertain,
    "come_here": conversing.come_here,
}
"""Answers to requests, in order of weight."""

_MANNERS = {name: _REQUESTS[name] for name in ("slower", "faster", "quieter", "louder")}

_COURTESIES: dict[str, Answering] = {
    "how_are_you": conversing.how_are_you,
    "thanks": conversing.thanks,
    "greet": conversing.greeted,
}
"""Answers to politeness: only when nothing else was said with it."""


def build(scene: Scene, acts: list[Act]) -> Behaviour:
    """The tree over one robot's scene. Each tick adds what it decides to `acts`."""

    def answer(name: str, function: Answering) -> Leaf:
        return Answer(name, scene, acts, function)

    def beforehand(name: str, function: Callable[[Scene, Heard], list[Act] | None]) -> Leaf:
        return Beforehand(name, scene, acts, function)

    def in_time(name: str, function: Callable[[Scene], list[Act] | None]) -> Leaf:
        return InTime(name, scene, acts, function)

    def hold(name: str, goes_on: Callable[[Scene], bool]) -> Leaf:
        return Hold(name, scene, acts, goes_on)

    safety = [
        answer("no consent to talk", refusing.no_consent),
        answer("not at this time of a life", refusing.not_now),
        answer("asked to be left alone", refusing.left_alone),
        beforehand("a reminder gives way", calling.reminder_gives_way),
        answer("emergency", calling.emergency),
        answer("self-harm", calling.self_harm),
        answer("pain", calling.pain),
        answer("disclosure", calling.disclosure),
        answer("unwell", calling.unwell),
        beforehand("asked on the floor", _quietly(lambda scene, heard: falling.asked(scene, heard.person))),
        answer("fine, on the floor", falling.answered),
    ]
    emergency = [
        in_time("nobody accepted a call", calling.unaccepted),
        hold("waiting for a person", calling.waits),
    ]
    reminder = [
        answer("answer to a reminder", reminding.answered),
        beforehand("something else came first", reminding.gives_way),
        in_time("no answer to a reminder", reminding.unanswered),
        hold("waiting for the answer", reminding.waits),
    ]
    conversation = [
        beforehand("takes the floor", _quietly(conversing.takes_floor)),
        answer("nothing to make sense of", repairing.nothing),
        beforehand("heard right after all", _quietly(repairing.confirmed)),
        answer("doubtful words", repairing.doubtful),
        beforehand("said of others", remembering.hear_of_others),
        answer("medical question", declining.medical_question),
        answer("end of life", comforting.end_of_life),
        answer("grief", comforting.grief),
        answer("confusion", comforting.confusion),
        answer("distress", comforting.distress),
        answer("money and secrets", declining.money),
        answer("boundary", declining.boundary),
        answer("a game stops", playing.stopped),
        answer("refusal", refusing.refusal),
        answer("ending", conversing.ending),
        beforehand("first greeting", conversing.first_greeting),
        answer("answer to its own question", conversing.answer_to_question),
        beforehand("and a wish about the voice", doubling.manner_as_well(_MANNERS)),
        answer("asked to come along", moving.come_along),
        _selector("requests", [answer(intent, _on(intent, function)) for intent, function in _REQUESTS.items()]),
        answer("asks to be entertained", playing.asked),
        answer("game goes on", playing.goes_on),
        answer("something to remember", remembering.learn),
        _selector("courtesies", [answer(intent, _on(intent, function)) for intent, function in _COURTESIES.items()]),
        answer("yes or no", conversing.yes_or_no),
        answer("chat", conversing.chat),
        in_time("conversation fades", conversing.fades),
        hold("conversation goes on", conversing.goes_on),
    ]
    idle = [in_time("greet who has come", conversing.greet_newcomer), Rest("rest")]
    branches: list[tuple[str, list[Leaf] | list[Behaviour]]] = [
        ("safety", safety),
        ("emergency", emergency),
        ("reminder", reminder),
        ("conversation", conversation),
        ("idle", idle),
    ]
    return _selector("floor", [_selector(name, leaves) for name, leaves in branches])


def _selector(name: str, children: list[Leaf] | list[Behaviour] | list[Selector]) -> Selector:
    return Selector(name, memory=False, children=list(children))


def _on(intent: str, function: Answering) -> Answering:
    return lambda scene, heard: function(scene, heard) if heard.reading.has(intent) else None


def _quietly(function: Callable[[Scene, Heard], None]) -> Answering:
    def without_acts(scene: Scene, heard: Heard) -> None:
        function(scene, heard)

    return without_acts
