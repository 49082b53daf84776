"""Small packs for tests: written as text, so that lines and fields are what an author sees."""

from pathlib import Path

from culture_profiles.culture.loader import Packs

HEADER = """\
facet: {facet}
id: {id}
name: Test people
about: People made up for tests.
sources:
  made: {{title: Made up, by: Nobody, date: "2026"}}
"""


def write(folder: Path, reference: str, body: str = "", header: str = HEADER) -> Path:
    """A pack file in its place below `folder`."""
    facet, name = reference.split(":")
    path = folder / facet / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header.format(facet=facet, id=name) + body, encoding="utf-8")
    return path


def packs(folder: Path, **bodies: str) -> Packs:
    """Packs by facet__id."""
    for name, body in bodies.items():
        write(folder, name.replace("__", ":"), body)
    return Packs(folder)
