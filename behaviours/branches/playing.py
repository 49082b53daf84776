"""Games, jokes, poems, songs and reading aloud: asked for or offered, left and taken up again at any time."""

import re

from behaviours.acts import Act, AlertLevel, Hush, RememberState
from behaviours.conversation import heard as words
from behaviours.conversation.wording import sentences
from behaviours.games import choosing
from behaviours.games.exercise import Exercises
from behaviours.games.game import Game, Move
from behaviours.games.material import Piece, game_sentences, material
from behaviours.games.reading import ReadAloud
from behaviours.person import Pending, Person
from behaviours.scene import Heard, Scene
from behaviours.understanding.reading import Reading

OFFER = "game"
"""The kind of pending offer of a game or a piece; its text is the name."""
_PIECES = ("joke", "poem", "song")
_REQUEST = re.compile(
    r"^(?:(?:can|could|shall|will|would) (?:we|you)|lets|let us|please|tell me|recite|how about|play|"
    r"i(?:d| would)? (?:want|like|fancy)|do you know|another|one more|a)\b.*"
)
_TOLD = re.compile(
    r"\b(?:used to|we (?:sang|danced|played|went|had)|i (?:sang|played|had|heard)|they|he|she|everybody)\b"
)
_REMARKS = re.compile(
    r"^(?:(?:oh|well|ha|haha|no|now|but) )*(?:thats|that is|that was|what a|its|i (?:dont )?(?:like|get))\b"
)
_SINGS = re.compile(
    r"歌って|歌をお?(?:願い|聞かせ)|노래 ?(?:를 )?(?:해|좀|하나|불러)|불러 ?(?:줘|주)|唱(?:首|一|个)|"
    r"zaspiewa|canti una|cante uma|canta-?me|गाना सुना|ਗਾਣਾ ਸੁਣਾ|گانا سنا|kantahan|kumanta (?:ka|po)|canwch"
)
_LEAVES = re.compile(r"^(?:(?:no more|stop|enough|lets stop|end)(?: \w+){0,3}|(?:i )?give up|no more games?)$")
_UNSPACED = ("ja", "zh")
_AWAY = 2  # turns about something else that leave a game
_SHORT = 40  # letters: a request in a language whose requests no pattern knows


def stopped(scene: Scene, heard: Heard) -> list[Act] | None:
    """ "Stop" ends a game; in exercises so does any word of tiredness."""
    person, reading = heard.person, heard.reading
    game = person.talk.game
    if game is None or reading.safety.name not in ("none", "consent"):
        return None
    if reading.safety.why.startswith("refuse.stop"):
        person.talk.game = None
        return [Hush(), *scene.say(person, "stop", "stop", plain=True)]
    if isinstance(game, Exercises) and (game.is_enough(reading) or words.ends(reading.normalised)):
        person.talk.game = None
        return _speak(scene, person, _around(person, "exercise.stop")[0], "game", game.name)
    return None


def goes_on(scene: Scene, heard: Heard) -> list[Act] | None:
    """The person's words as a move in the game that is on; None: they are about something else."""
    person, reading = heard.person, heard.reading
    game = person.talk.game
    if game is None or reading.safety.name != "none" or _asks(reading):
        return None
    if _LEAVES.match(reading.normalised):
        person.talk.game = None
        return _speak(scene, person, _around(person, "left")[0], "game", game.name)
    move = game.hear(reading)
    return None if move is None else _play(scene, person, move)


def left_alone(person: Person) -> None:
    """The talk is about something else: after a while a yes is no move any more. The game can still be taken up."""
    state = person.talk
    state.away = state.away + 1 if state.game is not None else 0
    if state.away >= _AWAY:
        state.left, state.game, state.away = state.game, None, 0


def taken_up(scene: Scene, person: Person) -> list[Act]:
    """After an answer to something else the game goes on where it was; nothing when none is on."""
    game = person.talk.game
    frames = _around(person, "again") if game is not None else ()
    if game is None or not frames:
        return []
    return _speak(scene, person, frames[0].format(title=game.title, text=game.again()), "game", game.name)


def is_told(heard: Heard) -> bool:
    """Whether the words tell of songs or games and ask for none."""
    return _TOLD.search(heard.reading.normalised) is not None and not heard.reading.is_question


def entertain(scene: Scene, heard: Heard) -> list[Act] | None:
    """What was asked for: a game, a joke, a poem, a song's words, reading, music; None: nothing of the kind."""
    person, reading = heard.person, heard.reading
    language = _language(person)
    if person.talk.piece and _REMARKS.match(reading.normalised):
        return reaction(scene, heard)
    asked = choosing.asked_for(reading.normalised) or next((each for each in choosing.INTENTS if reading.has(each)), "")
    if asked == "game:exercise" or asked == "exercise":
        return begin(scene, person, "game:exercise")
    if asked.startswith("game"):
        names = choosing.offered(language) if asked == "game" else (asked,)
        fresh = [name for name in names if name not in person.said] or list(names)
        return begin(scene, person, fresh[0]) if fresh else None
    if asked in _PIECES:
        return _piece(scene, person, asked)
    if asked == "read_aloud":
        return read_aloud(scene, heard)
    return music(scene, heard) if asked == "music" else None


def asked(scene: Scene, heard: Heard) -> list[Act] | None:
    """The same where the words name a game but are no request that is known as one."""
    normalised, game = heard.reading.normalised, heard.person.talk.game
    if heard.person.talk.piece and words.says(normalised, "another"):
        return _piece(scene, heard.person, heard.person.talk.piece)
    named = choosing.asked_for(normalised)
    if not named or (game is not None and named == game.name):
        return None
    plain = named not in ("song", "game")  # words too common to be a request by themselves
    plain = plain or (named == "song" and _SINGS.search(heard.reading.text.casefold()) is not None)
    elsewhere = heard.reading.language != "en" and plain and len(normalised) <= _SHORT
    return entertain(scene, heard) if _REQUEST.match(normalised) or elsewhere else None


def music(scene: Scene, heard: Heard) -> list[Act]:
    """It has no music itself: staff are asked to put some on, and told what the person likes."""
    person = heard.person
    liked = person.stated("lifestory.music") if heard.who.private else ""
    alert, _ = scene.calls.raise_("music", AlertLevel.INFORM, person.id, "asked for music", scene.now)
    said = scene.say(person, "music.asked", "call", must=True, values={"music": liked} if liked else {})
    return [alert, *said, RememberState()]


def read_aloud(scene: Scene, heard: Heard) -> list[Act]:
    """What staff wrote down for today is read; else a poem is said, or somebody is asked to read."""
    person, day = heard.person, scene.home_day
    language = _language(person)
    if day is not None and day.date == scene.local().date() and (day.news or day.reading):
        title = day.reading.title if day.reading is not None else _around(person, "news")[0]
        texts = (day.reading.text,) if day.reading is not None else day.news
        current = person.talk.game
        game = current if isinstance(current, ReadAloud) else ReadAloud(language, title, texts)
        return _play(scene, person, game.begin(), game)
    alert, _ = scene.calls.raise_("reading", AlertLevel.INFORM, person.id, "asked to be read to", scene.now)
    return [alert, *scene.say(person, "reading.asked", "call", must=True), RememberState()]


def begin(scene: Scene, person: Person, name: str) -> list[Act] | None:
    """Begin a game, or go on with it where it was left, or say a piece; None: not in this language."""
    if name in _PIECES:
        return _piece(scene, person, name)
    game = next((each for each in (person.talk.game, person.talk.left) if each is not None and each.name == name), None)
    if game is None:
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
    text = scene.speaker.choose(person, [frame.format(title=game.title) for frame in _around(person, "offer")], {})
    if not text:
        return []
    scene.speaker.note(person, name)
    person.pending = Pending(OFFER, text=name)
    return _speak(scene, person, text, "offer", name)


def reaction(scene: Scene, heard: Heard) -> list[Act] | None:
    """What is said to a joke or a poem that was just told is about it; None: nothing was, or it is something else."""
    person, reading = heard.person, heard.reading
    piece, person.talk.piece = person.talk.piece, ""
    if not piece or reading.is_question or reading.topic not in ("", "jokes", "singing", "music", "books"):
        return None
    if reading.has("tell_me_more", "again"):
        return _piece(scene, person, piece)
    kind = "after_piece"
    if piece == "joke":
        kind = "after_joke_bad" if "bad" in reading.answers else "after_joke_good"
    text = scene.speaker.choose(person, sentences(_language(person), kind), {})
    if not text and len(reading.normalised) <= _SHORT:
        text = scene.speaker.choose(person, sentences(_language(person), "after_any"), {})
    if not text:
        return None
    person.pending = Pending(OFFER, text=piece) if text.endswith(("nother?", "more?", "better one?")) else None
    return _speak(scene, person, text, "ask", f"after a {piece}")


def _piece(scene: Scene, person: Person, kind: str) -> list[Act]:
    found = material(_language(person))
    texts: list[str]
    if kind == "joke":
        texts = list(found.jokes)
    else:
        pieces: tuple[Piece, ...] = found.poems if kind == "poem" else found.songs
        frames = _around(person, kind) or ("{title}, {by}. {text}",)
        texts = [
            frames[0].format(
                title=each.title, by=each.by, text=("" if _language(person) in _UNSPACED else " ").join(each.lines)
            )
            for each in pieces
        ]
    text = scene.speaker.choose(person, texts, {})
    if text:
        person.talk.piece = kind
        return _speak(scene, person, text, "entertain", kind)
    if kind == "joke" and not found.jokes and (game := begin(scene, person, "game:proverbs")):
        return game
    if none := scene.speaker.choose(person, _around(person, "none"), {}):
        return _speak(scene, person, none, "inform", kind)
    return scene.say(person, "entertain", "inform", otherwise="acknowledge")


def _play(scene: Scene, person: Person, move: Move, begun: Game | None = None) -> list[Act]:
    game = begun or person.talk.game
    assert game is not None
    person.talk.away = 0
    person.talk.game = None if move.over else game
    return _speak(scene, person, move.text, "game", game.name)


def _speak(scene: Scene, person: Person, text: str, act: str, why: str) -> list[Act]:
    person.talk.tender = 0  # who plays has come to something else
    return [scene.speaker.speak(person, text, person.locale or "en_GB", act, scene.now, why=why, plain=True)]


def _asks(reading: Reading) -> bool:
    return reading.text.rstrip().endswith(("?", "？", "؟")) or (reading.language != "en" and reading.is_question)


def _around(person: Person, key: str) -> tuple[str, ...]:
    return game_sentences(_language(person)).get(key, ())


def _language(person: Person) -> str:
    return (person.locale or "en").split("_")[0]
