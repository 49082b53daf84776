"""Messages: a named sender, a preview in the resident's language, and what became of each (care rule 22)."""

from starlette.responses import Response

from nodes.tablet.acts.messages import asked_in_words, checked_message, send_message, take_back_message
from nodes.tablet.audit import ABOUT
from nodes.tablet.roles import NAMED
from nodes.tablet.sent import LONGEST_SENDER, LONGEST_TEXT
from nodes.tablet.site.visit import Routes, Visit, of_resident

routes = Routes()


@routes.get("/messages", "see_messages")
async def everybody(visit: Visit) -> Response:
    """The newest to everybody."""
    found = await visit.site.on_file(lambda: visit.site.sent.all())
    if found:
        await visit.record("read messages", sorted({f"{ABOUT}{each.resident_id}" for each in found}))
    names = await visit.site.home.residents()
    return visit.page(
        "messages",
        tab="messages",
        messages=found,
        names=names,
        sorted_names=sorted(names.items(), key=lambda pair: pair[1].casefold()),
    )


@routes.get("/residents/{resident_id}/messages", "send_message")
async def to_one(visit: Visit) -> Response:
    """Write one, and see what became of the others."""
    return await _page(visit)


async def _page(visit: Visit, sender: str = "", text: str = "") -> Response:
    found = await visit.site.on_file(lambda: visit.site.sent.all(visit.resident_id))
    if visit.person.role in NAMED:
        found = [each for each in found if each.created_by == visit.person.id]
    profile = await visit.site.home.profile(visit.resident_id)
    if found:
        await visit.record("read messages")
    return visit.page(
        "messages_of",
        tab="residents",
        name=profile.value("name.preferred") or profile.value("name.full") or visit.resident_id,
        messages=found,
        own_name=visit.person.name if visit.person.role in NAMED else "",
        sender=sender,
        text=text,
        longest_sender=LONGEST_SENDER,
        longest_text=LONGEST_TEXT,
    )


@routes.post("/residents/{resident_id}/messages", "send_message")
async def write(visit: Visit) -> Response | str:
    """First the preview, then the sending."""
    sender, text, act = (visit.form.get(each, "") for each in ("sender", "text", "act"))
    if act == "change":
        return await _page(visit, sender, text)
    profile, sender, text = await checked_message(visit, sender, text)
    if act == "send":
        await send_message(visit, sender, text)
        visit.say("Kept. The robot asks them when it is with them, and reads it after a yes.")
        return of_resident(visit.resident_id, "/messages")
    asked, locale = asked_in_words(profile, sender)
    return visit.page(
        "message_preview",
        tab="residents",
        name=profile.value("name.preferred") or profile.value("name.full") or visit.resident_id,
        sender=sender,
        text=text,
        asked=asked,
        asked_in=locale,
    )


@routes.post("/residents/{resident_id}/messages/back", "send_message")
async def back(visit: Visit) -> str:
    """Take one back."""
    await take_back_message(visit, visit.form.get("message_id", ""))
    visit.say("Taken back.")
    return of_resident(visit.resident_id, "/messages")
