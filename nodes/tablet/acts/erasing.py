"""Erasing everything about a resident, on the decision of somebody who may (care rule 25)."""

from culture_profiles.errors import KithError
from nodes.tablet.records import HOLDER
from nodes.tablet.site.visit import Visit


async def erase_resident(visit: Visit, typed_name: str) -> tuple[str, ...]:
    """Erase it if the full name is typed and nothing must be kept by law; returns who still holds a copy.

    Errors: KithError; then nothing was erased.
    """
    profile = await visit.site.home.profile(visit.resident_id)
    name = profile.value("name.full") or visit.resident_id
    if " ".join(typed_name.split()).casefold() != name.casefold():
        raise KithError("Type the full name to erase everything. Nothing was erased.")
    await visit.record("erase")
    pending = [*await visit.site.home.erase(visit.resident_id, visit.person.id)]
    try:
        await visit.site.on_file(lambda: visit.site.sent.forget([visit.resident_id]))
    except KithError:  # looked for again every minute
        pending.append(HOLDER)
    return tuple(dict.fromkeys(pending))
