"""The inspector's report as a PDF of one or two pages, with the fonts that every PDF reader has."""

from collections.abc import Sequence

from fpdf import FPDF
from fpdf.enums import TableCellFillMode
from fpdf.fonts import FontFace

_INK, _BRAND, _SOFT, _LINE = (30, 42, 43), (29, 92, 85), (244, 241, 234), (190, 184, 170)
_MARGIN_MM = 18.0

Table = tuple[str, Sequence[str], Sequence[Sequence[str]], str]
"""A heading, the columns' titles, the rows, and a line below."""


class _Page(FPDF):
    def __init__(self, foot: str) -> None:
        super().__init__(format="A4")
        self._foot = foot
        self.set_auto_page_break(True, margin=_MARGIN_MM)
        self.set_margins(_MARGIN_MM, _MARGIN_MM)

    def footer(self) -> None:
        """On every page."""
        self.set_y(-13)
        self.set_font("helvetica", size=8)
        self.set_text_color(*_INK)
        self.cell(0, 5, f"{self._foot}  ({self.page_no()}/{{nb}})", align="C")


def as_pdf(title: str, lead: str, tables: Sequence[Table], foot: str) -> bytes:
    """The document."""
    page = _Page(_plain(foot))
    page.set_title(_plain(title))
    page.set_lang("en")
    page.set_creator("Kith")
    page.add_page()
    page.set_text_color(*_BRAND)
    page.set_font("helvetica", "B", 20)
    page.multi_cell(0, 9, _plain(title), new_x="LMARGIN", new_y="NEXT")
    page.set_text_color(*_INK)
    page.set_font("helvetica", size=10.5)
    page.multi_cell(0, 5.5, _plain(lead), new_x="LMARGIN", new_y="NEXT")
    for heading, columns, rows, below in tables:
        page.ln(4)
        page.set_font("helvetica", "B", 12.5)
        page.set_text_color(*_BRAND)
        page.cell(0, 8, _plain(heading), new_x="LMARGIN", new_y="NEXT")
        page.set_text_color(*_INK)
        page.set_font("helvetica", size=9.5)
        page.set_draw_color(*_LINE)
        if rows:
            with page.table(
                headings_style=FontFace(emphasis="BOLD", color=_INK, fill_color=_SOFT),
                cell_fill_mode=TableCellFillMode.NONE,
                borders_layout="HORIZONTAL_LINES",
                line_height=6,
                col_widths=(3, *[1.2] * (len(columns) - 1)),
                text_align=("LEFT", *["RIGHT"] * (len(columns) - 1)),
            ) as table:
                for line in (columns, *rows):
                    row = table.row()
                    for cell in line:
                        row.cell(_plain(cell))
        if below:
            page.ln(1.5)
            page.multi_cell(0, 5, _plain(below), new_x="LMARGIN", new_y="NEXT")
    return bytes(page.output())


def _plain(text: str) -> str:
    """The fonts of every reader know Western European letters alone."""
    for fancy, simple in (("\u2013", "-"), ("\u2014", "-"), ("\u2019", "'"), ("\u201c", '"'), ("\u201d", '"')):
        text = text.replace(fancy, simple)
    return text.encode("latin-1", "replace").decode("latin-1")
