"""Whether the tests would notice: every branch of the security core, and mutants of what judges and seals.

    make cover    measures branches over the tests of the core; fails where one was not taken
    make mutate   breaks the code in one place after another; fails where too few breaks are noticed

Ours, since mutmut passes over what is decorated (properties, the remembered trust in certificates) and
what stands outside functions (limits, forms, lists of fields), and numbers its mutants, so that a
reviewed list of equivalents would name others after the next edit. Begin reading at `core.py`.
"""
