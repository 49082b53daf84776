"""`kith bench adaptation`: its world, its baselines and its answer."""

import random
import statistics

from culture_profiles.culture.loader import packs
from culture_profiles.culture.preferences import preferences
from kith.bench.adaptation import AFTER, MODELS, measure
from kith.bench.adaptation_world import groups, person

KNOWN = packs()


def test_the_same_seed_gives_the_same_world_and_another_seed_another() -> None:
    def world(seed: int) -> list[object]:
        rng = random.Random(seed)
        made = groups(KNOWN, tuple(preferences()), 3, rng)
        return [(group.name, person(group, rng, defying=True).likes) for group in made]

    assert world(1) == world(1) != world(2)


def test_people_have_forty_tastes_in_eight_clusters_and_defiers_defy_two_to_four() -> None:
    rng = random.Random(1)
    for group in groups(KNOWN, tuple(preferences()), 30, rng):
        assert len(group.odds) >= 40
        assert len({name.split(".")[0] for name in group.odds}) >= 8
        assert 2 <= len(person(group, rng, defying=True).defies) <= 4
        assert not person(group, rng, defying=False).defies


def test_a_defier_goes_the_other_way_where_they_defy() -> None:
    rng = random.Random(1)
    (group,) = groups(KNOWN, tuple(preferences()), 1, rng)

    def as_the_group(defies: bool) -> float:
        people = [person(group, rng, defying=True) for _ in range(200)]
        return statistics.fmean(
            each.likes[name] == (odds > 0)
            for each in people
            for name, odds in group.odds.items()
            if (name.split(".")[0] in each.defies) is defies
        )

    assert as_the_group(defies=True) < 0.45 < 0.55 < as_the_group(defies=False)


def test_every_model_is_told_after_0_5_10_and_20_answers() -> None:
    found = measure(KNOWN, how_many_groups=3, of_each=1, seed=5)
    assert tuple(found.figures) == MODELS
    for shares in found.figures.values():
        assert list(shares) == ["fit", "defy", "worst_group"]
        assert all(tuple(each) == AFTER and all(0 < share < 100 for share in each.values()) for each in shares.values())
    assert found.people == 6
    assert found == measure(KNOWN, how_many_groups=3, of_each=1, seed=5)
