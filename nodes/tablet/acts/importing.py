"""Taking in residents from a file of another system: all of it is checked before anything is kept."""

import secrets
from dataclasses import dataclass

from culture_profiles.errors import KithError
from culture_profiles.incoming.arrival import checked_spec, facts_of, refuse_doubles
from culture_profiles.incoming.files import read_arrivals
from nodes.tablet.acts.facts import may_write
from nodes.tablet.site.visit import Visit


@dataclass(frozen=True)
class Taken:
    """A resident who was taken in. `passed_over`: what the file holds and Kith does not keep."""

    id: str
    name: str
    facts: int
    passed_over: tuple[str, ...]


async def import_residents(visit: Visit, file_name: str, text: str) -> list[Taken]:
    """Begin everybody in the file. Errors: KithError naming file, line and field; then nobody was begun."""
    home, who, when = visit.site.home, visit.person.id, visit.now
    arrivals = read_arrivals(file_name, text)
    for arrival in arrivals:
        for item in arrival.items:
            if not may_write(visit, checked_spec(item.key, item.where)):
                raise KithError(f"{item.where}: {item.key} is for senior staff to write")
    refuse_doubles(arrivals, list((await home.residents()).values()))
    begun = [(f"r-{secrets.token_hex(4)}", arrival) for arrival in arrivals]
    wanted = [(resident, arrival, facts_of(arrival, resident, who, when)) for resident, arrival in begun]
    for resident, _, _ in wanted:
        await visit.check_may_begin(resident)
    taken = []
    for resident, arrival, facts in wanted:
        await visit.record("import", [fact.key for fact in facts], resident)
        for fact in facts:
            await home.write(fact)
        name = arrival.values("name.full")[0]
        taken.append(Taken(resident, name, len(facts), tuple(arrival.passed_over)))
    return taken
