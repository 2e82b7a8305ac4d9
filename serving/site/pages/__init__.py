"""One module per kind of page: what it reads, and what its template is given. Writes nothing."""
