"""What the room of one person is put together from: her card, a tab for each thing known, forms with drafts.

`file` reads all of her in one view of the register. A tab (`tab`) shows that file or the form that is
open in its place; `form` builds a form out of a record's declaration and `editing` gives it a
reason, a draft and Save. `facts` is the few words by which lists and other rooms name somebody.
May not enter: SQL, the choice of the tab (`ui/rooms/person.py`), anything the actions decide.
Begin reading at `file.py`, then `tab.py`.
"""
