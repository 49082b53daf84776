"""Sending a message to a resident, and taking it back."""

from behaviours.manner import address
from behaviours.phrases import phrasebook
from culture_profiles.consent import Purpose, consent
from culture_profiles.errors import KithError
from culture_profiles.profile import Profile
from nodes.tablet.roles import NAMED
from nodes.tablet.sent import Message, Standing, barred, checked
from nodes.tablet.site.visit import Visit


def sender_of(visit: Visit, wanted: str) -> str:
    """Staff write for others and say for whom; everybody else in their own name alone."""
    return visit.person.name if visit.person.role in NAMED else wanted


async def checked_message(visit: Visit, wanted_sender: str, text: str) -> tuple[Profile, str, str]:
    """The resident, the sender and the words, if they may be sent. Errors: KithError."""
    sender, text = checked(sender_of(visit, wanted_sender), text)
    profile = await visit.site.home.profile(visit.resident_id)
    if barred(profile, sender):
        raise KithError("Messages from this sender are not passed on. Ask the senior carer.")
    if not consent(profile, Purpose.TALK, visit.today).allowed:
        raise KithError("They have not agreed to talk with the robot: nothing is read to them.")
    return profile, sender, text


async def send_message(visit: Visit, wanted_sender: str, text: str) -> Message:
    """Keep it until it is read."""
    _, sender, text = await checked_message(visit, wanted_sender, text)
    at, by = visit.now, visit.person.id
    await visit.record("send message")
    return await visit.site.on_file(lambda: visit.site.sent.add(visit.resident_id, sender, text, by, at))


async def take_back_message(visit: Visit, message_id: str) -> None:
    """Not read any more; who wrote for themselves takes back only their own."""
    of_resident = await visit.site.on_file(lambda: visit.site.sent.all(visit.resident_id, 500))
    message = next((each for each in of_resident if each.id == message_id and each.open), None)
    if message is None or (visit.person.role in NAMED and message.created_by != visit.person.id):
        raise KithError("This message is over already.")
    at = visit.now
    await visit.record("take back message")
    await visit.site.on_file(lambda: visit.site.sent.end(message_id, Standing.STOPPED, at))


def asked_in_words(profile: Profile, sender: str) -> tuple[str, str]:
    """(what the robot asks before it reads, its locale), in the resident's language."""
    book = phrasebook()
    locale = book.locale_for(profile.value("language.preferred") or "en_GB")
    phrase = book.all("reminder.message", locale, {"title": sender, "address": address(profile)})[0]
    return phrase.text, phrase.locale
