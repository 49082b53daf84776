"""A resident's profile: plain questions, who said what when, confirm, correct, never assume, take back, undo."""

from urllib.parse import quote

from starlette.responses import Response

from behaviours.phrases import phrasebook
from culture_profiles.errors import KithError
from culture_profiles.fact import Status, make_fact
from culture_profiles.keys import MATTERS, spec
from culture_profiles.profile import Profile
from nodes.tablet.acts.facts import Change, ChangedMeanwhileError, change_fact, may_read, may_write, outcome
from nodes.tablet.questions import CULTURE, FACETS, Section, is_sensitive, pack_name, packs_of, sections
from nodes.tablet.roles import Role
from nodes.tablet.site.visit import ForbiddenError, Routes, Visit, of_resident
from nodes.tablet.site.wording import Words

routes = Routes()
# fmt: off
_OTHER_TONGUES = (
    "ak", "ar", "bn", "bg", "cs", "de", "el", "es", "fa", "fr", "ga", "gd", "gu", "he", "hr", "hu", "ig", "lt", "lv",
    "ml", "ne", "nl", "pcm", "ps", "ro", "ru", "sd", "si", "sk", "so", "sq", "sr", "sv", "sw", "ta", "te", "th", "ti",
    "tr", "uk", "vi", "yi", "yo",
)
# fmt: on


@routes.get("/residents/{resident_id}/profile", "see_profile")
async def first(visit: Visit) -> Response:
    """The first section."""
    return await _section(visit, next(iter(sections())))


@routes.get("/residents/{resident_id}/profile/{section}", "see_profile")
async def section(visit: Visit) -> Response:
    """One section of the profile."""
    return await _section(visit, visit.request.path_params["section"])


async def _section(visit: Visit, name: str) -> Response:
    profile = await visit.site.home.profile(visit.resident_id)
    if name == CULTURE:
        wanted = [key for facet in FACETS for key, _ in packs_of(facet)]
    elif name in sections():
        wanted = list(sections()[name].ask)
    else:
        raise KithError("There is no such page of a profile.")
    wanted = [key for key in wanted if may_read(visit, spec(key))]
    facts = {key: [fact for fact in profile.facts if fact.key == key] for key in wanted}
    if read := [key for key, found in facts.items() if found and is_sensitive(spec(key))]:
        await visit.record("read profile", read)
    people = await visit.site.on_file(visit.site.people.all)
    shown: dict[str, Section] = dict(sections())
    return visit.page(
        "culture" if name == CULTURE else "profile",
        tab="residents",
        name=profile.value("name.preferred") or profile.value("name.full") or visit.resident_id,
        section=name,
        sections={each.name: each.title for each in shown.values()} | {CULTURE: "Where they come from"},
        ask={} if name == CULTURE else {key: sections()[name].ask[key] for key in wanted},
        facts=facts,
        specs={key: spec(key) for key in wanted},
        writable={key for key in wanted if may_write(visit, spec(key))},
        people={each.id: each.name for each in people},
        matters=MATTERS,
        facets={facet: [pack for pack in packs_of(facet) if pack[0] in wanted] for facet in FACETS},
        facet_titles=FACETS,
        pack_name=pack_name,
        tongues=_tongues(visit),
        as_resident=visit.person.role is Role.RESIDENT,
    )


def _tongues(visit: Visit) -> list[tuple[str, str]]:
    """(locale, name): first those that the robot speaks, then others that residents may have."""
    words = Words(visit.language, visit.site.zone)
    known = sorted((words.language(each), each) for each in phrasebook().locales)
    others = sorted((words.language(each), each) for each in _OTHER_TONGUES)
    return [(code, name) for name, code in (*known, *others)]


@routes.get("/residents/{resident_id}/history/{key}", "see_profile")
async def history(visit: Visit) -> Response:
    """Who said what when about one question."""
    key = visit.request.path_params["key"]
    if not may_read(visit, spec(key)):
        raise ForbiddenError
    facts = await visit.site.home.history(visit.resident_id, key)
    if is_sensitive(spec(key)):
        await visit.record("read history", [key])
    people = await visit.site.on_file(visit.site.people.all)
    return visit.page(
        "history",
        tab="residents",
        key=key,
        facts=facts[::-1][:200],
        people={each.id: each.name for each in people},
    )


@routes.post("/residents/{resident_id}/facts", "edit_profile")
async def write(visit: Visit) -> Response | str:
    """One change: `act` is say, confirm, never or remove; `seen` the sequence of what the page showed."""
    form = visit.form
    seen = form.get("seen", "")
    change = Change(
        key=form.get("key", ""),
        act=form.get("act", "say"),
        value=form.get("value", ""),
        said_by=form.get("said_by", "staff"),
        old=form.get("old", ""),
        seen=int(seen) if seen.isascii() and seen.isdigit() else -1,
    )
    try:
        stored = await change_fact(visit, change)
    except ChangedMeanwhileError as stale:
        names = {each.id: each.name for each in await visit.site.on_file(visit.site.people.all)}
        mine = " ".join(change.value.split())
        return visit.page(
            "conflict",
            409,
            tab="residents",
            theirs=stale.theirs,
            mine=mine,
            key=change.key,
            act=change.act,
            people=names,
        )
    visit.say(outcome(await visit.site.home.profile(visit.resident_id), stored), (visit.resident_id, stored.sequence))
    return _back(visit, change.key)


@routes.post("/residents/{resident_id}/undo", "edit_profile")
async def undo(visit: Visit) -> str:
    """Take one change back: what stood before it stands again."""
    sequence = visit.form.get("sequence", "")
    facts = await visit.site.home.history(visit.resident_id)
    fact = next((each for each in facts if str(each.sequence) == sequence), None)
    if fact is None or not may_write(visit, spec(fact.key)):
        raise KithError("There is nothing to take back.")
    if fact.who != visit.person.id:
        raise KithError("Only who made a change takes it back; anybody may correct it.")
    before = Profile(visit.resident_id, 0, [each for each in facts if each.sequence < fact.sequence]).about(fact)
    stood = before[-1] if before else fact
    changed: dict[str, object] = {"sequence": 0, "who": visit.person.id, "when": visit.now, "note": "undone"}
    if not before:
        changed |= {"status": Status.RETRACTED, "value": fact.value if spec(fact.key).many else ""}
    again = make_fact(**{**stood.model_dump(), **changed})
    await visit.record("write", [fact.key])
    await visit.site.home.write(again)
    visit.say("Taken back.")
    return _back(visit, fact.key)


def _back(visit: Visit, key: str) -> str:
    name = (
        CULTURE
        if key.startswith(f"{CULTURE}.")
        else next((each.name for each in sections().values() if key in each.ask), "")
    )
    return of_resident(visit.resident_id, f"/profile/{name}#{quote(key)}" if name else "/profile")
