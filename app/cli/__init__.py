"""The command `soansinh` and its verbs, one module a group of verbs.

A verb's module has `add_to(verbs)`, which declares its arguments and names the function
that runs it, and that function: `run(args) -> int`, the exit code. Heavy libraries are
imported inside `run`, so that `soansinh --version` and a child start at once.
A Refusal or Trouble is simply raised: `frame` says it in three lines and chooses the code.

The only place that prints. Begin reading at `frame.py`.
"""
