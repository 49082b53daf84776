"""The mind's tree as text and as SVG: what the robot considers, from the most urgent down."""

from dataclasses import dataclass
from html import escape

from py_trees.behaviour import Behaviour
from py_trees.composites import Composite

from behaviours.leaves import Answer, Beforehand, Hold, InTime

_KINDS = {
    Answer: ("answers", "#fdf0d5"),
    Beforehand: ("does beforehand", "#e3ece7"),
    InTime: ("when due", "#e6e9f0"),
    Hold: ("holds the floor", "#f6dfe0"),
}
_OTHER = ("", "#ffffff")
_ROW, _INDENT, _WIDTH, _TOP = 26, 28, 620, 62


@dataclass(frozen=True)
class Row:
    """One line of the drawing: how deep it stands, its name, and what kind of behaviour it is."""

    depth: int
    name: str
    kind: str
    colour: str


def rows(tree: Behaviour) -> list[Row]:
    """The tree from the top, each parent before its children."""
    found: list[Row] = []

    def walk(node: Behaviour, depth: int) -> None:
        kind, colour = ("first that applies", "#ffffff") if isinstance(node, Composite) else _of(node)
        found.append(Row(depth, node.name, kind, colour))
        for child in node.children:
            walk(child, depth + 1)

    walk(tree, 0)
    return found


def text(tree: Behaviour) -> str:
    """The tree as indented lines."""
    lines = (f"{'  ' * row.depth}{row.name}" + (f"  ({row.kind})" if row.kind else "") for row in rows(tree))
    return "\n".join(lines)


def svg(tree: Behaviour) -> str:
    """The tree as one SVG picture, readable without colour."""
    found = rows(tree)
    height = _TOP + _ROW * len(found) + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        'aria-label="What the robot considers, the most urgent first" font-family="system-ui, sans-serif" '
        f'font-size="14"><rect width="{_WIDTH}" height="{height}" fill="#f4f6f5"/>'
        '<text x="20" y="26" font-weight="600" fill="#1d2b33">What the robot considers, the most urgent first</text>'
        '<text x="20" y="46" font-size="12.5" fill="#3b4a54">'
        "The first that applies acts. What stands below something that holds the floor does not begin.</text>"
    ]
    parents: list[float] = []
    for place, row in enumerate(found):
        x, y = 20 + _INDENT * row.depth, _TOP + _ROW * place
        middle = y + _ROW / 2 - 2
        if row.depth:
            from_y = parents[row.depth - 1]
            parts.append(
                f'<path d="M{x - _INDENT / 2} {from_y}V{middle}H{x}" fill="none" stroke="#8a979f" stroke-width="1"/>'
            )
        parents[row.depth :] = [y + _ROW - 4]
        width = 12 + 7.6 * len(row.name)
        parts.append(
            f'<rect x="{x}" y="{y}" width="{width:.0f}" height="{_ROW - 4}" rx="5" fill="{row.colour}" '
            f'stroke="#3b4a54"/><text x="{x + 6}" y="{y + 16}" fill="#1d2b33">{escape(row.name)}</text>'
            f'<text x="{x + width + 8:.0f}" y="{y + 16}" font-size="12" fill="#3b4a54">{escape(row.kind)}</text>'
        )
    return "".join([*parts, "</svg>\n"])


def _of(node: Behaviour) -> tuple[str, str]:
    return next((shown for kind, shown in _KINDS.items() if isinstance(node, kind)), _OTHER)
