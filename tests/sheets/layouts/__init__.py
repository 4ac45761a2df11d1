"""Lists laid out in many ways, each with the truth a careful reader records.

None repeats the two samples: other headings, other orders, other habits.
"""

from __future__ import annotations

from tests.sheets.layouts import columns, files, pages
from tests.sheets.layouts.base import Layout

LAYOUTS: tuple[Layout, ...] = (
    columns.marks_under_three_rows,
    columns.names_and_births_in_parts,
    columns.accounts_in_columns,
    columns.without_headings,
    columns.odd_headings,
    columns.clauses_and_degrees,
    pages.side_by_side,
    pages.pages_with_repeated_headings,
    pages.hamlets_then_groups,
    pages.merged_at_the_side,
    pages.stacked_tables,
    files.plain_text_without_marks,
    files.plain_text_1258,
    files.plain_text_tcvn3,
    files.open_document,
    files.old_fonts_everywhere,
)
