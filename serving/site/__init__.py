"""The static site of a publication: pages for whoever looks rather than queries. Dutch, without a server.

Reads published tables only and computes no figure: what a page shows is what the mart stored.
"""
