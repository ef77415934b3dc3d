"""Provenance: the canonical fields that each value of a payload feeds, of a record or of an endpoint."""

from cancelnorm.provenance.tables import FieldTable, field_tables
from cancelnorm.provenance.tracing import Feed, Row, trace

__all__ = ["Feed", "FieldTable", "Row", "field_tables", "trace"]
