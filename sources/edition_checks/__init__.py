"""Checks of an edition before it comes into use: pure functions of its files, the edition before and the registry.

One check a file; `run` knows which apply to which family. What becomes of a failed check is the lake's business, and
how it is shown that of orchestration.
"""
