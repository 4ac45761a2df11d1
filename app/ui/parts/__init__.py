"""The parts a room is put together from; each draws itself from `theme.look()`.

boxes      row, column, card, section, rule, label: layouts in steps of 4 px
buttons    Button: roles, icon, key cap, busy
chips      Chip, Mark, FilterChip, KeyCap
panes      Pane (scrolling sections over a pinned footer), Empty, Facts
beside     Beside: a list and its pane, side by side or one over the other
search     SearchField
tabs       Tabs with counts
timeline   Timeline: who wrote what, when
comparison Comparison: old left, new right; invisible characters drawn
queue_pane QueuePane: questions beside the chosen one's page; reads and writes through the jobs
cover      Cover: the ledger's cover with its label

What may not enter: database, actions, words of one room alone.
"""
