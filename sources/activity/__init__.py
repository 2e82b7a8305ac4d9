"""Own-data deliveries of an organisation: from the files of a source system to pseudonymised, typed tables in the lake.

Knows nothing of KPIs, dbt or the publication.
"""
