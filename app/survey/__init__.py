"""Field surveys: ODK forms, run without a screen and without a database.

    xpath/    expressions of a form: read into a tree, compiled to functions, evaluated on nodes
    nodes     a document as the expressions see it

May not enter: Qt, the register, files, the network; a caller hands in what a form needs. What a form
means is settled by ODK's specification; where its engines disagree, web-forms is the norm
(design/survey.md). Begin reading at `xpath/__init__.py`.
"""
