"""Field surveys: ODK forms, run without a screen and without a database.

    xpath/        expressions of a form, evaluated on nodes
    nodes         a document as the expressions see it
    definition    a form as it is published: model, body, texts, lists; references, ordering: what asks what
    session       one filling: answer, add and remove rows; settling: all that follows from one answer
    tree, views   its nodes, found by path and by reference; what a screen sees of them
    layout, pages which page holds what; the pages of one filling: what is wrong, how far, and where next
    submission    a filling handed in, and what it says of entities; answered: the same, to be read
    taken         many submissions: tabulate, summary; openrosa, what a Central takes
    publish       an author's XLSForm looked over: workbook, lint, rehearsal, findings

May not enter: Qt, the register, files, the network; a caller hands in what a form needs. Where ODK's engines
disagree, web-forms is the norm (design/survey.md). Otherwise than there: choices and labels are asked apart,
and are not in a delta. Begin reading at `session.py`.
"""
