"""Mutation testing: one small fault at a time is put into the code, and some test has to see it.

``python -m tests.mutants --sample 200 --seed 1 cancelnorm/venues`` tries some faults of every kind and lists those
that no test saw. Tools from the registry do not know the fields of structs, which most of this code consists of:
mutmut wraps functions alone, and cosmic-ray starts every run from nothing.
"""
