"""`kith demo`: a morning in a simulated home, in about three minutes."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from culture_profiles.errors import KithError
from kith.demo import scenario as scenarios
from kith.demo.performance import Pages, Result, perform, temporary_home
from kith.demo.show import Teller


@click.command()
@click.option("--scenario", default="morning", show_default=True, help="Name of a scenario, or a YAML file.")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-output"),
    show_default=True,
    help="Directory for the sound of the room and the transcript.",
)
@click.option(
    "--body",
    type=click.Choice(["embedded", "gazebo"]),
    default="embedded",
    show_default=True,
    help="The simulator that the robot lives in.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    default=0,
    help="Choose among equal words as another run with this number did; 0: by chance.",
)
@click.option("--view/--no-view", default=True, show_default=True, help="Serve a page to watch it on.")
@click.option("--json", "json_lines", is_flag=True, help="Tell everything as JSON lines.")
@click.pass_context
def command(ctx: click.Context, scenario: str, output: Path, body: str, seed: int, view: bool, json_lines: bool) -> int:
    """A morning in a simulated home, in about three minutes.

    Three residents talk with the robot: their voices enter as microphone audio in real time, and every step is checked.
    Uses a temporary home unless --home is given before the command.
    With --body gazebo the same morning is lived in Gazebo Sim, where that is installed.
    """
    play = scenarios.load(scenario)
    with ExitStack() as stack:
        home_given = ctx.parent is not None and ctx.parent.params.get("home") is not None
        home = ctx.obj.home if home_given else stack.enter_context(temporary_home())
        audio, transcript = output / "room.wav", output / "transcript.jsonl"
        try:
            output.mkdir(parents=True, exist_ok=True)
            teller = stack.enter_context(Teller(transcript, json_lines))
        except OSError as problem:
            raise KithError(f"{output} cannot be written ({problem.strerror}): give another with --output") from None

        def trouble(line: str) -> None:
            click.echo(click.style(f"           {line}", fg="red"), err=True)

        if not json_lines:
            click.echo(f"{play.title}: {', '.join(play.residents)} and the robot. Starting …")

        def watch(pages: Pages) -> None:
            teller.write({"event": "pages", "view": pages.view, "tablet": pages.tablet})
            if json_lines:
                return
            click.echo(f"Watch it in a browser: {pages.view}")
            if pages.tablet:
                begins = f"; its first manager begins with {pages.code}" if pages.code else ""
                click.echo(f"The carers' tablet: {pages.tablet}{begins}\n  (a browser trusts it by {pages.authority})")

        given = {"simulator": body, "seed": str(seed)}
        result = perform(play, home, audio, teller.tell, trouble, watch if view else None, given)
        summary = _summary(result, audio, transcript)
        teller.write(summary)
        if not json_lines:
            _print(result, audio, transcript)
    return 1 if result.problem else 0


def _summary(result: Result, audio: Path, transcript: Path) -> dict[str, Any]:
    p50, p95 = result.percentile(50), result.percentile(95)
    return {
        "event": "summary",
        "ok": not result.problem,
        "problem": result.problem,
        "steps": result.steps,
        "done": result.done,
        "response_ms": {
            "n": len(result.response_ms),
            "p50": None if p50 is None else round(p50),
            "p95": None if p95 is None else round(p95),
        },
        "ready_s": round(result.ready_s, 1),
        "played_s": round(result.played_s, 1),
        "audio": str(audio),
        "transcript": str(transcript),
    }


def _print(result: Result, audio: Path, transcript: Path) -> None:
    click.echo(
        f"\n{result.done} of {result.steps} steps done in {result.played_s:.0f} s, ready in {result.ready_s:.1f} s."
    )
    p50, p95 = result.percentile(50), result.percentile(95)
    if p50 is not None and p95 is not None:
        click.echo(f"Answers began {p50:.0f} ms (median) to {p95:.0f} ms (p95) after the resident's last sound.")
    click.echo(f"Sound of the room ({result.audio_s:.0f} s; left: microphone, right: robot): {audio}")
    click.echo(f"Transcript: {transcript}")
    if result.problem:
        click.echo(click.style(f"Did not happen: {result.problem}", fg="red"), err=True)
