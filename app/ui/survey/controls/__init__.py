"""A control for each kind of question: `choosing.control_for(node, asking, clock)`.

control   what all share: shown read-only or to be filled, said aloud by the question's words
line      a line that is typed: answered on Enter, on leaving it and after a short pause
reading   what a typed text means; numbers, moments, spots: the same for each type
faces     ways to show choices: joined, one below the other, in a row, a list to search
one, many, ranking, sliding, ticking
barcode, files, pictures

A control says what was answered and never writes it; what was typed and is no value of its type
it says too, and keeps it in sight. May not enter: what follows from an answer.
"""
