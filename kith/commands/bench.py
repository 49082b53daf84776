"""`kith bench`: startup, footprint, adaptation and speech."""

import json
import sys
from dataclasses import asdict

import click

from kith.bench import footprint as footprints
from kith.bench import startup as startups

_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
_quick = click.option("--quick", is_flag=True, help="Fewer runs, a shorter window: less exact.")


@click.group(name="bench")
def command() -> None:
    """Measure the running system, in a home of its own with the embedded body."""


@command.command()
@_quick
@_json
def startup(quick: bool, as_json: bool) -> None:
    """Seconds until every node is ready: median of 5 warm starts (--quick: 2), and the floor beside it."""
    found = startups.measure(2 if quick else 5)
    if as_json:
        click.echo(json.dumps({**asdict(found), "within_target": found.within_target}))
        return
    for name, seconds in sorted(found.per_node_s.items(), key=lambda item: item[1]):
        click.echo(f"{seconds:8.2f} s  {name}")
    click.echo(f"{found.ready_s:8.2f} s  ready (target {found.target_s:.0f} s)")
    click.echo(f"{found.floor_s:8.2f} s  {found.nodes} bare nodes")
    click.echo(f"{found.stop_s:8.2f} s  to stop")


@command.command()
@_quick
@_json
def footprint(quick: bool, as_json: bool) -> None:
    """Memory and idle processor time of all processes over 30 s (--quick: 10 s), microphone live, nobody speaking."""
    found = footprints.measure(10.0 if quick else 30.0)
    if as_json:
        click.echo(json.dumps({**asdict(found), "within_target": found.within_target}))
        return
    for load in found.per_process:
        click.echo(f"{load.pss_mb:8.1f} MB {load.cpu_percent:6.1f} %  {load.name}")
    click.echo(
        f"{found.pss_mb:8.1f} MB {found.idle_cpu_percent:6.1f} %  all "
        f"(target {found.target_pss_mb:.0f} MB, {found.target_cpu_percent:.0f} % of a core)"
    )
    click.echo(f"{found.floor_pss_mb:8.1f} MB {found.floor_cpu_percent:6.1f} %  as many bare nodes")


@command.command()
@click.option("--quick", is_flag=True, help="Fewer people: less exact.")
@click.option("--seed", default=1, show_default=True, help="Another world and other people.")
@_json
def adaptation(quick: bool, seed: int, as_json: bool) -> None:
    """Share of preferences not asked yet that are predicted right, for people who fit their background or defy it."""
    from culture_profiles.culture.loader import packs
    from kith.bench.adaptation import MODELS, measure

    found = measure(packs(), how_many_groups=20 if quick else 40, of_each=7 if quick else 20, seed=seed)
    if as_json:
        about = asdict(found)
        click.echo(json.dumps({**about.pop("figures"), **about, "within_target": found.within_target}))
        return
    click.echo(f"{found.people} people in {found.groups} groups, {found.preferences} or more preferences, seed {seed}")
    click.echo("predicted right, %         0 answers     5     10     20")
    for model in MODELS:
        for people, shares in found.figures[model].items():
            click.echo(f"{model:12} {people:12}" + "".join(f"{share:7.1f}" for share in shares.values()))
    click.echo(
        f"gap between fitting and defying after 10 answers, where asked: "
        f"{found.gap_after_10_in_asked_clusters:.1f} "
        f"± {found.gap_standard_error:.1f} points (target 3)"
    )


@command.command()
@click.option("--residents", default=10_000, show_default=True, type=click.IntRange(100, 100_000))
@click.option("--facts", default=300, show_default=True, type=click.IntRange(10, 5_000), help="Per resident.")
@_quick
@_json
def profiles(residents: int, facts: int, quick: bool, as_json: bool) -> None:
    """Reading, writing and sharing profiles at size, with the disk's own limit beside it (--quick: a tenth of it)."""
    from kith.bench import profiles as measured  # builds no store for `kith bench --help`

    found = measured.measure(residents // 10 if quick else residents, facts, quick=quick)
    if as_json:
        click.echo(json.dumps({**asdict(found), "within_target": found.within_target}))
        return
    click.echo(
        f"{found.residents} residents with {found.facts} facts: {found.file_mb:.0f} MB, {found.build_s:.0f} s to build"
    )
    for what, spread in (
        ("read, what a greeting asks (target 2)", found.read_ms),
        ("the same, processor time", found.read_cpu_ms),
        ("read, every fact in force", found.read_whole_ms),
        ("edit to every node over ROS (target 100)", found.propagate_ms),
    ):
        click.echo(f"{spread.p50:8.2f} ms p50 {spread.p99:8.2f} ms p99  {what}")
    click.echo(f"{found.read_ratio_vs_100:8.2f} times the p99 of 100 residents (target 1.2)")
    click.echo(f"{found.writes_per_s:8.0f} acknowledged writes/s in groups (target 2000)")
    click.echo(f"{found.single_writes_per_s:8.0f} acknowledged writes/s one after the other")
    click.echo(f"{found.fsync_floor_per_s:8.0f} times 4 KB made durable/s on this disk")


@command.command()
@_quick
@_json
def reminders(quick: bool, as_json: bool) -> None:
    """From due to the prompt in a home of 10,000 reminders a day, and the cost of each: 12 minutes (--quick: one)."""
    from kith.bench import reminders as measured  # starts a home: only this bench pays for it

    found = measured.measure(quick=quick)
    if as_json:
        click.echo(json.dumps({**asdict(found), "within_target": found.within_target}))
        return
    spread = found.due_to_prompt_ms
    click.echo(
        f"{spread.p50:8.1f} ms p50 {spread.p99:8.1f} ms p99  from due to the voice, {found.prompts} prompts "
        f"(target {found.target_ms:.0f})"
    )
    for count, micros in found.cost_us.items():
        click.echo(f"{micros:8.1f} us of processor time for each of {count} a day")
    click.echo(f"{found.cost_ratio:8.2f} times as much for each in the larger home (target {found.target_ratio})")


@command.command()
@_quick
@_json
def speech(quick: bool, as_json: bool) -> None:
    """Answers, cut-offs, word errors, the robot's own voice, false replies: within 20 minutes (--quick: one)."""
    from kith.bench.speech import measuring  # the engines: only this bench pays for them

    found = measuring.measure(measuring.QUICK if quick else measuring.FULL, _progress)
    click.echo("\r\x1b[K", nl=False, err=True)
    if as_json:
        click.echo(json.dumps(found))
        return
    response, naive = found["response_ms"], found["naive_ms"]
    click.echo(f"{response['p50']:>8} ms  answer, median (95%: {response['p95']} ms, floor {response['floor']} ms)")
    click.echo(f"{naive['p50']:>8} ms  recording until {naive['silence_s']} s of silence, median")
    click.echo(f"{found['cutoff_rate'] * 100:8.1f} %   answered before the end")
    click.echo(f"{found['barge_in_ms']['p95']:>8} ms  from a voice to the robot's silence, 95%")
    click.echo(f"{found['self_triggers']:>8}     times its own voice passed for somebody's")
    click.echo(f"{found['false_replies_per_hour']:8.1f}     false replies per hour of other talk")
    tts = found["tts"]
    click.echo(f"{tts['spoken']:>8}     of {tts['asked']} sentences spoken, {tts['reported']} reported")
    click.echo(f"{tts['doubled']:>8}     spoken twice, {tts['silent']} lost, {tts['stuck']} times stuck")
    click.echo(f"{tts['killed'] + tts['hung']:>8}     times the speech engine was killed or hung meanwhile")
    for who, key in (("people", "wer"), ("synthetic voices", "wer_synthetic")):
        for engine, conditions in found[key].items():
            for condition, rate in conditions.items():
                interval = f"{rate['low'] * 100:.1f} to {rate['high'] * 100:.1f}"
                click.echo(f"{rate['value'] * 100:8.1f} %   {engine}, {who}, {condition} ({interval}, n {rate['n']})")
    if missing := found["details"]["people"]:
        click.echo(missing)


@command.command()
@_quick
@click.option(
    "--part",
    type=click.Choice(["open", "held", "all"]),
    default="all",
    show_default=True,
    help="Of the labelled sentences: the open part is for tuning, the held part never.",
)
@_json
def dialogue(quick: bool, part: str, as_json: bool) -> None:
    """What is understood, refused, answered and repeated, and how fast: within 20 minutes (--quick: one)."""
    from kith.bench.dialogue import measuring, sets  # the recognisers and the mind: only this bench pays for them

    parts = sets.PARTS if part == "all" else (part,)
    found = measuring.measure(measuring.QUICK if quick else measuring.FULL, _progress, parts)
    click.echo("\r\x1b[K" if sys.stderr.isatty() else "", nl=False, err=True)
    if as_json:
        click.echo(json.dumps(found))
        return
    for name in ("emergency", "medical", "grief", "confusion", "intents", "long_talk"):
        for key, value in (found[name] or {}).items():
            click.echo(f"{'-' if value is None else value:>10}  {name}: {key.replace('_', ' ')}")
    for name, spread in found["decide_ms"].items():
        click.echo(
            f"{'-' if spread['p95'] is None else spread['p95']:>10}  ms to decide, 95%, {name.replace('_', ' ')}"
        )
    click.echo(found["details"]["model"])


@command.command()
@_quick
@_json
def sim(quick: bool, as_json: bool) -> None:
    """The embedded simulator's pace, and how soon the robot stands after an emergency stop."""
    from kith.bench import simulation  # MuJoCo: only this bench pays for it

    found = simulation.measure(quick=quick)
    if as_json:
        click.echo(json.dumps(found))
        return
    factor, stop = found["realtime_factor"], found["estop_ms"]
    click.echo(f"{factor['camera']:8.1f} times real time with the camera at {found['camera_hz']:g} Hz (target 5)")
    click.echo(f"{factor['no_camera']:8.1f} times real time without (target 50)")
    click.echo(f"{stop['p99']:>8} ms from stop to standstill, p99 of {stop['n']} (p50 {stop['p50']}, target 300)")
    click.echo("         approaches: not measured, nothing approaches a person yet")


@command.command()
@_quick
@_json
def tablet(quick: bool, as_json: bool) -> None:
    """From an edit to the robot's next sentence, pages, 50 devices live, accessibility, tasks (--quick: a minute)."""
    from kith.bench.tablet import measuring  # the web client and the browser: only this bench pays for them

    found = measuring.measure(measuring.QUICK if quick else measuring.FULL, _progress)
    click.echo("\r\x1b[K" if sys.stderr.isatty() else "", nl=False, err=True)
    if as_json:
        click.echo(json.dumps(found))
        return
    edit, page = found["edit_to_robot_ms"], found["page_ms"]
    click.echo(
        f"{edit['p50']:8.1f} ms p50 {edit['p99']:8.1f} ms p99  from an edit to the robot's next sentence (target 300)"
    )
    click.echo(
        f"{page['p50']:8.1f} ms p50 {page['p95']:8.1f} ms p95  a page, {found['residents']} residents (target 150)"
    )
    click.echo(f"{found['page_kb']['max']:8.1f} KB            the largest page with all it loads (target 150)")
    shown = found["call_shown_ms"]
    click.echo(
        f"{found['clients']:8} devices live at once (target 50); a call is on all after {shown['p95']:.0f} ms p95"
    )
    click.echo(f"{found['axe_violations'] if found['axe_violations'] is not None else '-':>8} accessibility violations")
    for name, task in (found["tasks"] or {}).items():
        click.echo(f"{task['taps']:8} taps {task['seconds']:6.1f} s  {name.replace('_', ' ')}")
    if found["details"]["browser"]:
        click.echo(found["details"]["browser"])


@command.command()
@_quick
@_json
def vision(quick: bool, as_json: bool) -> None:
    """Faces, attention, people on the floor, whose ear it is, on pictures of the simulated home (--quick: a minute)."""
    from kith.bench.vision import measuring  # OpenCV and MuJoCo: only this bench pays for them

    found = measuring.measure(measuring.QUICK if quick else measuring.FULL, _progress)
    click.echo("\r\x1b[K" if sys.stderr.isatty() else "", nl=False, err=True)
    if as_json:
        click.echo(json.dumps(found))
        return
    frame, floor = found["frame_ms"], found["floor"]
    click.echo(f"{frame['p95']:8.1f} ms a picture, p95 (target 40; reading it alone {frame['floor_p95']} ms)")
    click.echo(f"{found['cpu_percent']:8.1f} % of a core at 5 pictures a second (target 25)")
    for name in ("faces", "engagement"):
        for condition, figures in found[name].items():
            precision, recall = (_share(figures[each]) for each in ("precision", "recall"))
            click.echo(
                f"{recall:>8} found, {precision:>4} right  {name}: {condition.replace('_', ' ')} (n {figures['n']})"
            )
    click.echo(
        f"{found['skin_tone_gap']:8.1f} points between the tones of skin, faces by {found['faces_by']} (target 5)"
    )
    for posture, recall in floor["by_posture"].items():
        click.echo(f"{_share(recall):>8} noticed on the floor, {posture}")
    click.echo(f"{_share(floor['recall']):>8} of those who lie (target 95 %, n {floor['n']})")
    alarms = floor["false_alarms_per_day"]
    click.echo(f"{'-' if alarms is None else alarms:>8} false alarms a day, in {floor['days']:.2g} days (target 1)")
    encounters = found["encounters"]["encounters"]
    click.echo(f"{found['wrong_person_disclosures']:>8} told to the wrong person in {encounters} encounters")


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value * 100:.0f} %"


def _progress(what: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{what}", nl=False, err=True)
