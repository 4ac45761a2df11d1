"""Tables over SQL: a list of ids, rows fetched by page, everything painted by one delegate.

    columns = (
        Column("name", _("Full name"), 200, lambda p: p.name, kind="name", grows=True),
        Column("born", _("Born"), 102, lambda p: show(p.birth)),
        Column("amount", _("Monthly, đ"), 100, lambda p: show_amount(p.amount), kind="number"),
        Column("account", _("Account"), 116, lambda p: MarkCell(_("Approved"), "tick", "ok")),
    )
    table = Table(columns, fetch=lambda ids: queries.people(connection, ids), ticks=True)
    table.set_ids(ids)                    # a reset that keeps the current row, scroll and ticks by id
    table.followed.connect(self.pane.show_person)      # 120 ms after Up, Down or a click
    table.opened.connect(…)               # Enter or double click
    table.sort_wanted.connect(…)          # column name, descending; then table.show_sort(…)
    table.rows.refresh(ids_changed)       # after a save or a sync

`fetch(ids)` answers one row (any frozen object) or None for each id, in order, on the GUI thread's
own read-only connection: a page of 128 by id takes 1.3 ms, so there are no placeholders.
`Group(…)` among the ids is a heading between rows.

columns    Column and the cells it may show
rows       Rows: the model
painting   the one delegate
heading    the header
table      Table: the view

May not enter: SQL, OFFSET, a proxy model, `if column ==` ladders.
"""
