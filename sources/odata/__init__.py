"""Read one table of the v3 OData services of CBS and its guests, with proof, into an edition of the lake.

client -> catalogue, metadata -> editions, resolve -> predicate -> pages -> observations -> table. The first half asks
what there is, the pure middle decides what to take, the last half takes it.
"""
