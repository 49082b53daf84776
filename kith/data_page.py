"""The vocabulary of profiles as part of docs/data.md: `python -m kith.data_page` writes it, `--check` only looks.

What stands between the two marks is made from keys.yaml and purposes.yaml; the rest of the page is written by hand.
"""

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from culture_profiles.errors import KithError
from culture_profiles.keys import KeySpec, Sensitivity, ValueType, load_keys, written_families
from culture_profiles.purposes import Purpose, purposes

PAGE = Path(__file__).parents[1] / "docs" / "data.md"
BEGIN = "<!-- made from culture_profiles/keys.yaml by `python -m kith.data_page`: do not edit below -->"
END = "<!-- do not edit above -->"
_SENSITIVITY = {
    Sensitivity.NONE: "",
    Sensitivity.PERSONAL: "personal",
    Sensitivity.SENSITIVE: "sensitive",
    Sensitivity.SAFETY: "safety",
}
_MADE_FROM_DATA = {
    "tastes": ("`music.jazz` and every other name in `preferences.yaml`", "A taste: yes, no", "its question there"),
    "culture": (
        "`culture.<facet>.<pack>` for every pack in `packs/`",
        "How much that background matters: a lot, a little, not me, ask me (nation and faith: sensitive)",
        "the tablet's question",
    ),
}


def page(text: str) -> str:
    """The page `text` with its made part up to date. Errors: KithError when a mark is missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise KithError("docs/data.md: the marks around the part made from keys.yaml are missing: take them from git")
    return f"{before}{BEGIN}\n\n{vocabulary()}\n{END}{after}"


def vocabulary() -> str:
    """Every key by its purpose, as Markdown."""
    return "\n".join(line for purpose in purposes().values() for line in _section(purpose))


def _section(purpose: Purpose) -> Iterator[str]:
    yield f"### {purpose.title}"
    yield ""
    yield f"Why: {purpose.why}. Basis: {purpose.basis}. Kept: {purpose.kept}. Meant for: {', '.join(purpose.read)}."
    yield ""
    yield "| key | what | values | care | who writes it | opened with |"
    yield "| --- | --- | --- | --- | --- | --- |"
    if purpose.name in _MADE_FROM_DATA:
        names, what, asked = _MADE_FROM_DATA[purpose.name]
        yield f"| {names} | {what} | choice | | the person, staff, family | {asked} |"
    known = load_keys()
    for family, members in groupby(written_families(), key=lambda each: each[0]):
        _, name = next(members)
        if known[name].purpose == purpose.name:
            yield _row(family, known[name])
    yield ""


def _row(family: str, key: KeySpec) -> str:
    asked = f"`{key.ask}`" if key.ask else ""
    name = family.replace("|", "\\|")
    cells = [f"`{name}`", _described(key, family), _values(key), _SENSITIVITY[key.sensitivity], _writers(key), asked]
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


def _described(key: KeySpec, family: str) -> str:
    """The description of all members of a family: without the part that names one of them."""
    if "(" not in family:
        return key.description
    first = family[family.index("(") + 1 :].split("|")[0].replace("_", " ")
    return key.description.replace(f" ({first})", "").replace(f" {first}", " …")


def _values(key: KeySpec) -> str:
    kind = " · ".join(key.choices) if key.type is ValueType.CHOICE else key.type.value
    return f"{kind}, several" if key.many else kind


def _writers(key: KeySpec) -> str:
    if key.for_staff_only:
        return "staff"
    return "the person, staff" if key.consent else "the person, staff, family"


def main() -> int:
    """Write the page, or with `--check` say whether it is stale."""
    text = PAGE.read_text(encoding="utf-8")
    try:
        made = page(text)
    except KithError as problem:
        print(problem, file=sys.stderr)
        return 1
    if "--check" in sys.argv[1:]:
        if made != text:
            print("docs/data.md is stale: run `python -m kith.data_page`", file=sys.stderr)
        return int(made != text)
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
