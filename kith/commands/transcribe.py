"""`kith transcribe`: the words of a WAV file, by the recogniser that the robot would use."""

import json
import time
from dataclasses import asdict
from pathlib import Path

import click

from culture_profiles.errors import KithError
from nodes.base.models import default_models_dir
from nodes.base.wav import read_wav


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--language", default="en_GB", show_default=True, help="Language that is spoken, for example en_GB.")
@click.option("--engine", type=click.Choice(["vosk", "whisper"]), help="Recogniser (default: the best installed).")
@click.option("--json", "as_json", is_flag=True, help="Print text, words with confidence, engine, seconds as JSON.")
def command(file: Path, language: str, engine: str | None, as_json: bool) -> None:
    """Turn a WAV file into text. Any rate, any number of channels."""
    recording = read_wav(file)
    from nodes.asr import engines  # loads the engines: after the file has proved readable
    from nodes.asr import recording as recordings

    model = engines.choose(default_models_dir(), language, engine or "")
    if model is None:
        kind = f"{engine} " if engine else ""
        raise KithError(
            f"no {kind}model that hears {engines.language_of(language)!r} is installed: run `kith models install`, "
            "or see `kith models list`"
        )
    recogniser = engines.load(model, language)
    began = time.monotonic()
    heard = recordings.transcribe(recording, recogniser)
    if not as_json:
        click.echo(heard.text)
        return
    result = {
        "text": heard.text,
        "words": [asdict(word) for word in heard.words],
        "confidence": heard.confidence,
        "engine": recogniser.name,
        "model": model.name,
        "language": recogniser.language,
        "seconds": round(recording.seconds, 3),
        "took_s": round(time.monotonic() - began, 3),
    }
    click.echo(json.dumps(result, ensure_ascii=False))
