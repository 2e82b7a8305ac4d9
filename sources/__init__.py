"""Bring open statistics and deliveries in: HTTP, OData, zip, CSV. Imports neither Dagster nor dbt."""
