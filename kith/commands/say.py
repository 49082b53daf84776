"""`kith say`: a text in the robot's voice, on the default loudspeaker or into a file."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np

from culture_profiles.errors import KithError
from nodes.base.models import default_models_dir
from nodes.base.wav import write_wav
from nodes.tts.clean import LONGEST, clean
from nodes.tts.espeak import ESpeak
from nodes.tts.piper import Piper
from nodes.tts.reading.language import of_locale
from nodes.tts.sentence import SentenceRenderer, Wording
from nodes.tts.sentences import sentences
from nodes.tts.synthesiser import Manner, Sound, Synthesiser


@click.command()
@click.argument("text")
@click.option("--language", default="en_GB", show_default=True, help="Language of the text, for example pl_PL.")
@click.option("--rate", type=click.FloatRange(80, 450), default=140, show_default=True, help="Words per minute.")
@click.option("--pitch", type=click.FloatRange(0.5, 1.5), default=1.0, show_default=True, help="1: the voice's own.")
@click.option("--volume", type=click.FloatRange(0, 1), default=0.9, show_default=True, help="Loudness.")
@click.option("--engine", type=click.Choice(["espeak", "piper"]), default="espeak", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write a WAV file instead of playing.")
@click.option(
    "--pronounce",
    "pairs",
    multiple=True,
    metavar="WORD=SOUND",
    help="Say a word or name so: Siobhan=Shivawn. Repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def command(
    text: str,
    language: str,
    rate: float,
    pitch: float,
    volume: float,
    engine: str,
    out: Path | None,
    pairs: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say TEXT: numbers, dates and short forms as words, sentence by sentence."""
    if len(text) > LONGEST:
        raise KithError(f"the text is too long: at most {LONGEST} characters")
    speakable = clean(text)
    if not speakable:
        raise KithError("the text holds nothing that can be spoken")
    wording = Wording(_pronunciations(pairs))
    synthesiser: Synthesiser = Piper(default_models_dir()) if engine == "piper" else ESpeak()
    try:
        sounds = _sounds(synthesiser, speakable, Manner(language, rate, pitch, volume), wording)
        if out:
            parts = list(sounds)
            write_wav(out, np.concatenate([part.samples for part in parts]), parts[0].rate)
        else:
            parts = _play(sounds)
    finally:
        synthesiser.close()
    if as_json:
        result = {
            "engine": synthesiser.name,
            "language": language,
            "seconds": round(sum(part.seconds for part in parts), 3),
            "rate_hz": parts[0].rate,
            "sentences": len(parts),
            "file": str(out) if out else None,
        }
        click.echo(json.dumps(result))


def _pronunciations(pairs: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        written, equals, spoken = (part.strip() for part in pair.partition("="))
        if not (written and equals and spoken):
            raise KithError(f"--pronounce {pair!r} has no two sides: write WORD=SOUND")
        found[written] = spoken
    return found


def _sounds(synthesiser: Synthesiser, text: str, manner: Manner, wording: Wording) -> Iterator[Sound]:
    """Sentence by sentence, the first one at once. Errors: KithError if none has a sound."""
    renderer = SentenceRenderer([synthesiser])
    renderer.check(manner.locale)
    how = of_locale(manner.locale)
    rate = 0
    for sentence in sentences(text, short=how.abbreviations if how else ()):
        sound = renderer.render(sentence, manner, wording, rate)
        if len(sound.samples):
            rate = sound.rate
            yield sound
    if not rate:
        raise KithError("the text holds nothing that can be spoken")


def _play(sounds: Iterator[Sound]) -> list[Sound]:
    """Play each as soon as it is rendered."""
    try:
        import sounddevice
    except OSError:
        raise KithError(
            "sound cannot be played, PortAudio is missing: run `apt-get install libportaudio2`, or use --out FILE.wav"
        ) from None
    played = [next(sounds)]
    try:
        with sounddevice.OutputStream(samplerate=played[0].rate, channels=1, dtype="int16") as stream:
            stream.write(played[0].samples[:, None])
            for sound in sounds:
                played.append(sound)
                stream.write(sound.samples[:, None])
    except (sounddevice.PortAudioError, ValueError):
        raise KithError("there is no loudspeaker on this machine: use --out FILE.wav, or connect one") from None
    return played
