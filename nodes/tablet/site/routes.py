"""Every page that needs somebody signed in."""

from nodes.tablet.site import calls, consents, now, pairing, passkeys, profile, programs, reminders, residents, staff
from nodes.tablet.site.visit import Route

ROUTES: list[Route] = [
    *now.routes,
    *calls.routes,
    *reminders.routes,
    *residents.routes,
    *profile.routes,
    *consents.routes,
    *staff.routes,
    *pairing.routes,
    *programs.routes,
    *passkeys.routes,
]
