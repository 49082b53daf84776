"""From nothing to a talking robot: the first steps, practice, and the list signed before real residents come."""

from starlette.responses import Response

from culture_profiles.errors import KithError
from nodes.base.go_live import PRACTICE
from nodes.tablet.golive import demands
from nodes.tablet.practice import PracticeHome, practice_facts
from nodes.tablet.site.visit import Routes, Visit

routes = Routes()
_ROBOT = ("dialogue", "asr", "tts", "body")


@routes.get("/first-run", "begin_home")
async def first_run(visit: Visit) -> Response:
    """Each step, with what is done of it."""
    site, view = visit.site, visit.site.home.view()
    people = [each for each in await site.on_file(site.people.all) if each.active]
    names = await site.home.residents()
    parts = {each.name.rsplit("/", 1)[-1]: each.state for each in view.nodes}
    return visit.page(
        "first_run",
        tab="staff",
        practice=sorted((key, name) for key, name in names.items() if key.startswith(PRACTICE)),
        staff=len(people) - 1,
        covered=bool(view.covered),
        talking=all(parts.get(each) in ("ok", "warning") for each in _ROBOT),
        robot=next((each.name for each in site.home.robots() if each.alive), ""),
        paired=site.pairing is not None and bool(site.pairing.address),
        signed=len(await site.on_file(site.go_live.standing)),
        of=len(demands()),
    )


@routes.post("/first-run/practice", "begin_home")
async def begin_practice(visit: Visit) -> str:
    """Two residents who do not exist, known to the robot."""
    there = set(await visit.site.home.residents())
    facts = [fact for fact in practice_facts(visit.person.id, visit.now) if fact.resident_id not in there]
    if not facts:
        raise KithError("The practice residents are there already.")
    for resident in dict.fromkeys(fact.resident_id for fact in facts):
        await visit.record("write", [fact.key for fact in facts if fact.resident_id == resident], resident)
    for fact in facts:
        await visit.site.home.write(fact)
    visit.say("Two practice residents are there. Tell the robot who sits before it, and say hello.")
    return "/first-run"


@routes.get("/go-live", "sign_go_live")
async def go_live(visit: Visit) -> Response:
    """The list, and who signed what."""
    site = visit.site
    people = await site.on_file(site.people.all)
    return visit.page(
        "go_live",
        tab="staff",
        demands=demands(),
        signed=await site.on_file(site.go_live.standing),
        people={each.id: each.name for each in people},
        covered=site.home.view().covered,
    )


@routes.post("/go-live", "sign_go_live")
async def sign(visit: Visit) -> str:
    """A manager signs a line with their own PIN, or takes it back."""
    form, site, at, person = visit.form, visit.site, visit.now, visit.person
    item, holds = form.get("item", ""), form.get("act") != "withdraw"
    if item not in demands():
        raise KithError("There is no such line on the list.")
    note = form.get("note", "")
    if holds:
        if item == "impact_assessment" and not note.strip():
            raise KithError("Note where the assessment is kept.")
        if item == "alert_holder" and not site.home.view().covered:
            raise KithError("Nobody carries the calls now: hand them to somebody first.")
        await site.on_file(lambda: site.people.sign_in(person.name, form.get("pin", ""), at))
    await visit.record("sign go-live" if holds else "withdraw go-live", [item])
    await site.on_file(lambda: site.go_live.sign(item, person.id, at, note, holds=holds))
    if not holds:
        visit.say("Taken back.")
    elif await site.on_file(site.go_live.complete):
        visit.say("Signed. Real residents may come.")
    else:
        visit.say("Signed.")
    return "/go-live"


@routes.post("/practice", "practise")
async def practise(visit: Visit) -> str:
    """Into practice mode, or out of it."""
    if visit.form.get("on") != "yes":
        visit.session.practice = None
        visit.say("This is the real home again.")
        return "/now"
    view = visit.site.home.view()
    if visit.session.practice is None:
        if visit.person.name in (view.holder, view.deputy):
            raise KithError("You carry the calls: hand them over before you practise.")
        visit.session.practice = PracticeHome(visit.site.home)
    visit.say("Practice: nothing you do here is real.")
    return "/now"
