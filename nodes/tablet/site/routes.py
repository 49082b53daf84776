"""Every page that needs somebody signed in."""

from nodes.tablet.site import (
    beginning,
    calls,
    consents,
    data,
    importing,
    messages,
    named,
    now,
    pairing,
    passkeys,
    profile,
    programs,
    reminders,
    report,
    residents,
    robots,
    settings,
    staff,
)
from nodes.tablet.site.visit import Route

ROUTES: list[Route] = [
    *now.routes,
    *calls.routes,
    *reminders.routes,
    *residents.routes,
    *profile.routes,
    *consents.routes,
    *staff.routes,
    *named.routes,
    *robots.routes,
    *messages.routes,
    *data.routes,
    *report.routes,
    *settings.routes,
    *pairing.routes,
    *programs.routes,
    *passkeys.routes,
    *beginning.routes,
    *importing.routes,
]
