"""The process that holds pyttsx3 and eSpeak NG: run with `python -m`, killed when it hangs.

Standard input: one JSON object per line {text, voice, rate, pitch, volume}. Standard output: one JSON line each, then
the sound: {"rate": Hz, "bytes": n} followed by n bytes of 16-bit mono, or {"error": type}. The first line, unasked, is
{"languages": [...]} or {"error": ...}.
"""

import contextlib
import io
import json
import os
import signal
import sys
import wave
from typing import Any, BinaryIO

_HUNG_S = 60  # should whoever supervises us be gone
_NORMAL_PITCH = 50
_TRIES = 5


def _say(out: BinaryIO, header: dict[str, Any], sound: bytes = b"") -> None:
    out.write(json.dumps(header).encode() + b"\n" + sound)
    out.flush()


def _languages(engine: Any) -> dict[str, str]:
    """eSpeak's names of languages, each with the id of its first voice."""
    found: dict[str, str] = {}
    for voice in engine.getProperty("voices"):
        for language in voice.languages:
            found.setdefault(language, voice.id)
    return found


def _set(request: dict[str, Any], voices: dict[str, str]) -> None:
    """Voice, rate, pitch and volume; returns when eSpeak has taken them. Errors: RuntimeError if it does not.

    pyttsx3 keeps settings until it begins to speak, and eSpeak takes them on a thread of its own: on a busy machine one
    robot in two hundred spoke its first sentence too fast, and one sentence in a hundred came out empty.
    """
    from pyttsx3.drivers import _espeak
    from pyttsx3.drivers.espeak import EspeakDriver

    rate, pitch = int(request["rate"]), round(_NORMAL_PITCH * request["pitch"])
    for _ in range(_TRIES):
        try:
            EspeakDriver.setProperty("voice", request["voice"])
        except ValueError:  # some languages, British English among them, are no names of voices
            EspeakDriver.setProperty("voice", voices[request["voice"]])
        EspeakDriver.setProperty("rate", rate)
        EspeakDriver.setProperty("pitch", pitch)
        EspeakDriver.setProperty("volume", request["volume"])
        _espeak.Synchronize()
        if [_espeak.dll.espeak_GetParameter(each, 1) for each in (_espeak.RATE, _espeak.PITCH)] == [rate, pitch]:
            return
    raise RuntimeError


def _render(engine: Any, request: dict[str, Any], voices: dict[str, str]) -> tuple[int, bytes]:
    """The sound of one request. What is said never touches the disk: the file is in memory."""
    from pyttsx3.drivers import _espeak

    memory = os.memfd_create("speech")
    try:
        _set(request, voices)
        engine.save_to_file(request["text"], f"/proc/self/fd/{memory}")
        engine.runAndWait()
        # It waits 10 ms and no longer: on a busy machine eSpeak is still at it, and the sound would be cut or empty.
        _espeak.Synchronize()
        size = os.lseek(memory, 0, os.SEEK_END)
        with wave.open(io.BytesIO(os.pread(memory, size, 0))) as file:
            return file.getframerate(), file.readframes(file.getnframes())
    finally:
        os.close(memory)


def main() -> int:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the node, which then closes our input
    # pyttsx3 prints what it does: the real standard output is ours alone.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    try:
        import pyttsx3

        engine = pyttsx3.init("espeak")
        voices = _languages(engine)
        _say(out, {"languages": sorted(voices)})
    except Exception as error:  # a missing library arrives as any of a dozen types
        _say(out, {"error": type(error).__name__})
        return 1
    for line in sys.stdin.buffer:
        signal.alarm(_HUNG_S)
        try:
            rate, sound = _render(engine, json.loads(line), voices)
        except Exception as error:  # the words may be in its text: tell only its kind
            _say(out, {"error": type(error).__name__})
            return 1  # pyttsx3 is not to be trusted after an error
        _say(out, {"rate": rate, "bytes": len(sound)}, sound)
        signal.alarm(0)
    return 0


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        sys.exit(main())
