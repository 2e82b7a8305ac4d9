"""What people touch: the publication, the command line and what they are given to read.

Knows the warehouse only as tables to publish. Imports neither `sources` nor `orchestration`.
"""
