"""`kith converse`: talk with the robot's mind by text, in this process, with the home's real profiles."""

import json
import random
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from behaviours.acts import Act, RaiseAlert, Speak, StoreFact
from behaviours.home_day import FILE, HomeDay, read_day
from behaviours.identity import Level, Who
from behaviours.mind import Mind
from behaviours.open_talk.local_model import LocalModel
from behaviours.open_talk.talking import answer, is_small_talk, known_for
from behaviours.understanding import meaning as meanings
from culture_profiles.errors import KithError
from culture_profiles.fact import Fact
from kith import home as homes
from kith.context import Context
from kith.profiles.access import Residents, residents
from nodes.base.models import added_model, default_models_dir, installed_models
from nodes.dialogue.meaning import sentence_model

_LONGEST_LINE = 1_000_000
_MOST_BETWEEN = 1000  # things that fall due between two lines
_INSTANT = timedelta(milliseconds=200)
_FIELDS = {"text", "language", "resident", "at"}


@dataclass
class _Line:
    text: str
    language: str
    resident: str
    at: datetime | None


@dataclass
class _Reply:
    spoken: list[Speak] = field(default_factory=list)
    alerts: list[RaiseAlert] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    not_kept: list[str] = field(default_factory=list)


class _Talk:
    """One mind per resident, as each would have the robot to themselves."""

    def __init__(self, found: Residents, zone: ZoneInfo, seed: int, day: HomeDay | None) -> None:
        self._day = day
        self._found = found
        self._zone = zone
        self._seed = seed
        self._minds: dict[str, Mind] = {}
        self._latest: dict[str, datetime] = {}
        self._meaning: meanings.Meaning | None = None
        self._model: LocalModel | None = None

    def understand(self) -> None:
        """Load likeness, and meaning where it is installed, before the first word: nobody waits for it in text."""
        folder = sentence_model()
        try:
            self._meaning = meanings.load(folder)
        except KithError as problem:
            click.echo(f"{problem}; understanding by likeness of letters", err=True)
            self._meaning = meanings.load()

    def talk_openly(self) -> None:
        """Load the language model. Errors: KithError when none was added or it does not load."""
        found = installed_models(default_models_dir(), "llm")
        if not found:
            raise KithError("no language model was added: run `kith models add llm DIR`")
        self._model = LocalModel(added_model(found[0].path))

    def _openly(self, line: _Line, mind: Mind, reply: _Reply) -> None:
        """Small talk in the model's words, where the guard lets them pass in time; else what was decided stands."""
        reading = mind.turn.reading
        decided: list[Act] = [*reply.spoken, *reply.alerts, *(StoreFact(each, "") for each in reply.facts)]
        if self._model is None or not is_small_talk(mind.turn, decided):
            return
        known = known_for(
            self._found.snapshot(line.resident),
            mind.turn,
            others=self._others(line.resident),
            avoid=mind.avoids(line.resident),
        )
        opened = answer(self._model, known, time.monotonic, language=reading.language)
        mind.turn.why.append(f"{opened.why}{''.join(f', refused: {each}' for each in opened.refused)}")
        if opened.sentences:
            instead = mind.said_instead(reply.spoken[-1], " ".join(opened.sentences))
            reply.spoken = [*reply.spoken[:-1], instead]

    def _others(self, resident_id: str) -> Iterable[str]:
        return (name for other, name in self._found.names().items() if other != resident_id)

    def mind(self, resident_id: str, now: datetime) -> Mind:
        """The resident's mind. Errors: KithError for somebody unknown."""
        if resident_id not in self._minds:
            profile = self._found.snapshot(resident_id)
            mind = Mind(random.Random(self._seed), robot="converse", zone=self._zone)  # noqa: S311 - chooses phrases
            if self._meaning is not None:
                mind.understand_with(self._meaning)
            mind.profile_changed(profile, now)
            mind.day_is(self._day)
            self._minds[resident_id] = mind
        return self._minds[resident_id]

    def pass_time(self, resident_id: str, until: datetime) -> Iterable[tuple[datetime, _Reply]]:
        """Let time go by up to `until`: what falls due, and when. A day without a word passes in a moment."""
        if resident_id not in self._minds or resident_id not in self._latest:
            return
        mind = self._minds[resident_id]
        for _ in range(_MOST_BETWEEN):
            now = self._latest[resident_id]
            due = mind.next_due(now)
            if due is None or due >= until:
                return
            self._latest[resident_id] = max(due, now + _INSTANT)
            reply = _Reply()
            self._carry_out(mind.tick(self._latest[resident_id]), mind, resident_id, reply, self._latest[resident_id])
            if reply.spoken or reply.alerts:
                yield self._latest[resident_id], reply

    def turn(self, line: _Line) -> tuple[Mind, _Reply]:
        """Hear one line and do what the mind decides. Time never runs backwards for one resident."""
        now = line.at or datetime.now(UTC)
        now = max(now, self._latest.get(line.resident, now))
        mind = self.mind(line.resident, now)
        self._latest[line.resident] = now
        mind.profile_checked(line.resident, now)
        reply = _Reply()
        self._carry_out(mind.tick(now), mind, line.resident, reply, now)
        who = Who(line.resident, Level.PRIVATE, "the caller counts as identified")
        heard = mind.heard(line.text, now, who=who, locale=line.language)
        self._carry_out(heard, mind, line.resident, reply, now)
        self._openly(line, mind, reply)
        return mind, reply

    def _carry_out(self, acts: Iterable[Act], mind: Mind, resident_id: str, reply: _Reply, now: datetime) -> None:
        failed = False
        for act in acts:
            match act:
                case Speak() if failed and act.act in ("remember", "forget"):
                    instead = mind.store_failed(self._found.snapshot(resident_id), resident_id, now)
                    self._carry_out(instead, mind, resident_id, reply, now)
                case Speak():
                    reply.spoken.append(act)
                    mind.spoken(act.id, True, now)
                case RaiseAlert():
                    reply.alerts.append(act)
                case StoreFact():
                    try:
                        reply.facts.append(self._found.write(act.fact))
                        mind.profile_changed(self._found.snapshot(resident_id), now)
                    except KithError as problem:
                        reply.not_kept.append(str(problem))
                        failed = True


@click.command()
@click.option("--resident", required=True, metavar="ID", help="Who talks; counts as identified and alone.")
@click.option("--json", "as_json", is_flag=True, help="Read JSON lines from standard input, answer one line each.")
@click.option(
    "--replay",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Answer the JSON lines of a file instead: a script, each line with its time `at`, over days if it likes.",
)
@click.option("--open-talk", is_flag=True, help="Let the added language model answer small talk, behind the guard.")
@click.option("--patterns-only", is_flag=True, help="Understand by patterns alone, as while a robot starts.")
@click.option("--seed", default=0, show_default=True, help="Chooses among equal phrases: the same seed, the same talk.")
@click.pass_obj
def command(
    context: Context, resident: str, as_json: bool, replay: Path | None, open_talk: bool, patterns_only: bool, seed: int
) -> None:
    """Talk with the robot by text.

    The real mind answers, with the profiles of the home; stated facts are kept there if the resident consented.
    Nobody is called from here: an alert is only shown.

    With --replay time is that of the lines: what falls due between two of them happens, and is shown with its own `at`.

    With --json each line read is {"text": …, "language"?: …, "resident"?: …, "at"?: ISO 8601}.
    """
    zone = ZoneInfo(homes.settings(context.home).time_zone)
    with residents(context.home) as found:
        talk = _Talk(found, zone, seed, _day(context))
        talk.mind(resident, datetime.now(UTC))
        if not patterns_only:
            talk.understand()
        if open_talk:
            talk.talk_openly()
        if replay is not None:
            with replay.open("rb") as lines:
                _answer_lines(talk, resident, lines, replayed=True)
        elif as_json:
            _answer_lines(talk, resident, sys.stdin.buffer)
        else:
            _chat(talk, resident)


def _day(context: Context) -> HomeDay | None:
    path = context.home / FILE
    return read_day(path) if path.is_file() else None


def _answer_lines(talk: _Talk, resident: str, lines: Iterable[bytes], *, replayed: bool = False) -> None:
    for raw in lines:
        if not raw.strip():
            continue
        try:
            line = _read(raw, resident)
            if replayed:
                if line.at is None:
                    raise KithError("at is missing: each line of a replay has a time such as 2026-11-23T09:30:00Z")
                for at, between in talk.pass_time(line.resident, line.at):
                    _show({"at": at.isoformat(), "resident": line.resident, **_said(between)})
        except KithError as problem:
            _show({"error": str(problem)})
            continue
        begun = time.perf_counter()
        try:
            mind, reply = talk.turn(line)
            answer = _plain(mind, reply)
        except KithError as problem:
            answer = {"error": str(problem)}
        answer["latency_ms"] = round((time.perf_counter() - begun) * 1000, 2)
        if replayed and line.at is not None:
            answer = {"at": line.at.isoformat(), "resident": line.resident, "text": line.text, **answer}
        _show(answer)


def _show(answer: dict[str, Any]) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False))
    sys.stdout.flush()


def _chat(talk: _Talk, resident: str) -> None:
    read = _prompting() if sys.stdin.isatty() else sys.stdin.readline
    while text := read():
        if not text.strip():
            continue
        _, reply = talk.turn(_Line(text.strip(), "", resident, None))
        for each in reply.alerts:
            click.echo(f"  [{each.level} alert: {each.text} Shown only: nobody is called from here.]")
        for line in reply.not_kept:
            click.echo(f"  [not kept: {line}]")
        for spoken in reply.spoken:
            click.echo(f"robot: {spoken.text}")
        if not reply.spoken:
            click.echo("robot: (listens)")


def _prompting() -> Callable[[], str]:
    def read() -> str:
        try:
            return input("you:   ") + "\n"
        except EOFError:
            return ""

    return read


def _read(raw: bytes, resident: str) -> _Line:
    if len(raw) > _LONGEST_LINE:
        raise KithError("the line is longer than a million bytes: send one utterance per line")
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        raise KithError('the line is not JSON: send {"text": "Good morning"}') from None
    if not isinstance(content, dict):
        raise KithError('the line is not a JSON object: send {"text": "Good morning"}')
    values: dict[str, str] = {}
    for name in _FIELDS:
        value = content.get(name)
        if value is not None and not isinstance(value, str):
            raise KithError(f"{name} must be a string")
        values[name] = value or ""
    if "text" not in content or content["text"] is None:
        raise KithError('text is missing: send {"text": "Good morning"}')
    text = values["text"].encode("utf-8", "replace").decode("utf-8")  # lone surrogates are no words
    return _Line(text, values["language"], values["resident"] or resident, _time(values["at"]))


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise KithError("at must be a time such as 2026-11-23T09:30:00Z") from None


def _plain(mind: Mind, reply: _Reply) -> dict[str, Any]:
    turn = mind.turn
    said = _said(reply)
    facts = [
        {"key": each.key, "value": each.value, "source": each.source, "status": each.status} for each in reply.facts
    ]
    answer: dict[str, Any] = {
        "reply": said["reply"],
        "language": reply.spoken[-1].locale if reply.spoken else turn.reading.language,
        "act": turn.act,
        "why": "; ".join(turn.why),
        "safety": {"class": turn.reading.safety.name, "level": turn.reading.safety.level},
        "alert": said["alert"],
        "facts": facts,
        "topic": turn.topic or None,
    }
    if reply.not_kept:
        answer["not_kept"] = reply.not_kept
    return answer


def _said(reply: _Reply) -> dict[str, Any]:
    last = reply.alerts[-1] if reply.alerts else None
    alert = {"id": last.id, "kind": last.kind, "level": last.level, "text": last.text} if last is not None else None
    return {"reply": " ".join(each.text for each in reply.spoken), "alert": alert}
