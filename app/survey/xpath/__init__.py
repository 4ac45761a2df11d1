"""ODK's XPath: what forms write in `relevant`, `calculate`, `constraint` and the like.

    lexer, parser   text → a tree (syntax)
    syntax          the tree
    values          text, numbers, truth, nodes, moments, and how one is read as another
    compiling       a tree → a function of a context
    paths           steps, axes, predicates
    functions/      ODK's functions, by subject
    moments         dates and times

XPath 1.0, changed as ODK XForms changes it: dates compare, absolute paths start at the form's own
answers wherever they stand, functions may be unknown until publishing asks. What is not
evaluated raises nothing. No document, screen or clock is reached but through the `Scope`.
Begin reading at `compiling.py`.
"""
