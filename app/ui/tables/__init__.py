"""Tables over SQL: a list of ids, rows fetched by page, everything painted by one delegate.

columns    Column, and the cells it may show; Group: a heading between rows
rows       Rows: the model
painting   the one delegate
heading    the header
table      Table: the view; begin reading there, its first lines are an example

May not enter: SQL, OFFSET, a proxy model, `if column ==` ladders.
"""
