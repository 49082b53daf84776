"""What an unreviewed pack may give (care rule 24).

Until two named people of the community have reviewed a pack, a real home has only its phrases and its calendar. What
is painful stays too: it never makes the robot say anything, only keep silent. A simulation has all of it.
"""

from culture_profiles.culture.pack import Pack


def usable(pack: Pack, *, simulation: bool) -> Pack:
    """The pack, or what may be used of it in a real home (`simulation` false) while it is unreviewed."""
    if simulation or pack.reviewed:
        return pack
    return pack.model_copy(update={"priors": (), "manner": (), "gestures": (), "food_rules": (), "topics": ()})
