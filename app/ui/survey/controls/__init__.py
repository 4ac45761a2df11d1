"""A control for each kind of question: `choosing.control_for(node, asking, clock)`.

control   what all share: shown read-only or to be filled, said aloud by the question's words
choosing  which one a node gets

A control says what was answered and never writes it; what was typed and is no value of its type
it says too, and keeps it in sight. May not enter: what follows from an answer.
"""
