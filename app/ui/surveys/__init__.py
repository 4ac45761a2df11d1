"""The room of surveys: who is to be asked, what is unfinished, what was handed in, the forms themselves.

    found       what the room reads, in one look; columns, what its lists show of it
    todo        assignments; left, who of one is left; visiting, a visit in vain; meeting, a scanned card
    drafts      fillings that are not finished
    done        what was handed in, by form
    forms       the forms; form_page, one of them; beginning, for whom; giving and going, who goes where;
                leaving, its answers as files

`list_page` is what the lists have in common; `starting` is the way into a filling.

A filling itself runs in the room `survey`. May not enter: how a form runs. Begin reading at `todo.py`.
"""
