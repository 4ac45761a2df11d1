"""Field surveys: ODK forms, run without a screen and without a database.

    xpath/        expressions of a form, evaluated on nodes
    nodes         a document as the expressions see it
    definition    a form as it is published: model, body, texts, lists
    references    which expression depends on what; ordering: in what order they are reckoned
    session       one filling: answer, add and remove rows; settling: all that follows from one answer
    tree, views   its nodes, found by path and by reference; what a screen sees of them

May not enter: Qt, the register, files, the network; a caller hands in what a form needs. Where ODK's
engines disagree, web-forms is the norm (design/survey.md). Begin reading at `session.py`.
"""
