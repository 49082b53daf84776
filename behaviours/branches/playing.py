"""Games, jokes, poems and the words of songs: asked for or offered, left and taken up again at any time."""

import re

from behaviours.acts import Act, Hush
from behaviours.games import choosing
from behaviours.games.exercise import Exercises
from behaviours.games.game import Move
from behaviours.games.material import Piece, game_sentences, material
from behaviours.person import Pending, Person
from behaviours.scene import Heard, Scene

OFFER = "game"
"""The kind of pending offer of a game; its text is the game's name."""
_REQUEST = re.compile(
    r"^(?:(?:can|could|shall|will|would) (?:we|you)|lets|let us|please|tell me|recite|how about|play|"
    r"i(?:d| would)? (?:want|like|fancy)|do you know|another|one more|a)\b.*"
)
_TOLD = re.compile(
    r"\b(?:used to|we (?:sang|danced|played|went|had)|i (?:sang|played|had|heard)|they|he|she|everybody)\b"
)
_LEAVES = re.compile(r"^(?:(?:no more|stop|enough|lets stop|end)(?: \w+){0,3}|(?:i )?give up|no more games?)$")


def stopped(scene: Scene, heard: Heard) -> list[Act] | None:
    """ "Stop" ends a game; in exercises so does any word of tiredness."""
    person, reading = heard.person, heard.reading
    game = person.talk.game
    if game is None or reading.safety.name not in ("none", "consent"):
        return None
    if reading.safety.why.startswith("refuse.stop"):
        person.talk.game = None
        return [Hush(), *scene.say(person, "stop", "stop", plain=True)]
    if isinstance(game, Exercises) and game.is_enough(reading):
        person.talk.game = None
        return _speak(scene, person, game_sentences("en")["exercise.stop"][0], "game", game.name)
    return None


def goes_on(scene: Scene, heard: Heard) -> list[Act] | None:
    """The person's words as a move in the game that is on; None: they are about something else."""
    person, reading = heard.person, heard.reading
    game = person.talk.game
    if game is None or reading.safety.name != "none" or reading.text.rstrip().endswith("?"):
        return None
    if _LEAVES.match(reading.normalised):
        person.talk.game = None
        return _speak(scene, person, game_sentences("en")["left"][0], "game", game.name)
    move = game.hear(reading)
    return None if move is None else _play(scene, person, move)


def is_told(heard: Heard) -> bool:
    """Whether the words tell of songs or games and ask for none."""
    return _TOLD.search(heard.reading.normalised) is not None and not heard.reading.is_question


def entertain(scene: Scene, heard: Heard) -> list[Act] | None:
    """What was asked for: a game, a joke, a poem, a song's words; else what the robot can do of the kind."""
    person = heard.person
    language = _language(person)
    asked = choosing.asked_for(heard.reading.normalised)
    if asked.startswith("game"):
        names = choosing.offered(language) if asked == "game" else (asked,)
        fresh = [name for name in names if name not in person.said] or list(names)
        return begin(scene, person, fresh[0]) if fresh else None
    if asked in ("joke", "poem", "song"):
        return _piece(scene, person, asked, language)
    return None


def asked(scene: Scene, heard: Heard) -> list[Act] | None:
    """The same where the words name a game but are no request that is known as one."""
    words, game = heard.reading.normalised, heard.person.talk.game
    if not _REQUEST.match(words) or (game is not None and choosing.asked_for(words) in ("", game.name)):
        return None
    return entertain(scene, heard)


def begin(scene: Scene, person: Person, name: str) -> list[Act] | None:
    """Begin a game, or go on with it where it was left; None: not in this language."""
    game = person.talk.game
    if game is None or game.name != name:
        game = choosing.make(name, _language(person), scene.speaker.rng)
    if game is None:
        return None
    person.talk.game = game
    scene.speaker.note(person, name)
    return _speak(scene, person, game.begin().text, "game", name)


def offer(scene: Scene, heard: Heard) -> list[Act]:
    """A game instead of a new topic, once a day, none that was declined today."""
    person, today = heard.person, scene.day()
    if person.talk.game is not None or not person.locale.startswith("en") or person.stated("talk.silence") == "yes":
        return []
    if any(name.startswith("game:") and day == today for name, day in person.talk.declined.items()):
        return []
    names = [name for name in choosing.offered("en") if name not in person.said]
    if len(names) < len(choosing.offered("en")) or not names:  # one was offered or played today
        return []
    name = scene.speaker.rng.choice(names)
    game = choosing.make(name, "en", scene.speaker.rng)
    if game is None:
        return []
    frames = [frame.format(title=game.title) for frame in game_sentences("en")["offer"]]
    text = scene.speaker.choose(person, frames, {})
    if not text:
        return []
    scene.speaker.note(person, name)
    person.pending = Pending(OFFER, text=name)
    return _speak(scene, person, text, "offer", name)


def _piece(scene: Scene, person: Person, kind: str, language: str) -> list[Act]:
    found = material(language)
    texts: list[str]
    if kind == "joke":
        texts = list(found.jokes)
    else:
        pieces: tuple[Piece, ...] = found.poems if kind == "poem" else found.songs
        frames = game_sentences(language).get(kind, ("{title}, {by}. {text}",))
        texts = [frames[0].format(title=each.title, by=each.by, text=" ".join(each.lines)) for each in pieces]
    text = scene.speaker.choose(person, texts, {})
    if text:
        return _speak(scene, person, text, "entertain", kind)
    if none := scene.speaker.choose(person, game_sentences(language).get("none", ()), {}):
        return _speak(scene, person, none, "inform", kind)
    return scene.say(person, "acknowledge", "acknowledge")


def _play(scene: Scene, person: Person, move: Move) -> list[Act]:
    game = person.talk.game
    assert game is not None
    if move.over:
        person.talk.game = None
    return _speak(scene, person, move.text, "game", game.name)


def _speak(scene: Scene, person: Person, text: str, act: str, why: str) -> list[Act]:
    return [scene.speaker.speak(person, text, person.locale or "en_GB", act, scene.now, why=why, plain=True)]


def _language(person: Person) -> str:
    return (person.locale or "en").split("_")[0]
