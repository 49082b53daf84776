"""Residents from a file of another system."""

from starlette.responses import Response

from culture_profiles.errors import KithError
from nodes.tablet.acts.importing import import_residents
from nodes.tablet.site.visit import Routes, Visit

routes = Routes()
LARGEST = 2_000_000


@routes.get("/import", "import_residents")
async def page(visit: Visit) -> Response:
    """Which files, and what happens to them."""
    return visit.page("import", tab="residents", taken=None)


@routes.post("/import", "import_residents", largest=LARGEST)
async def take(visit: Visit) -> Response:
    """Everybody in the file, or nobody and why."""
    name, text = visit.form.get("file.name", ""), visit.form.get("file", "")
    if not name:
        raise KithError("Choose a file: a table (.csv) or FHIR (.json, .ndjson), up to 2 MB.")
    taken = await import_residents(visit, name, text)
    visit.session.remember(visit.form.get("once", ""), "/residents")
    return visit.page("import", tab="residents", taken=taken)
