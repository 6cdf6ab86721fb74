"""The searched form of documents: FTS5 on SQLite, tsvector under GIN on PostgreSQL."""

from django.db import connection

from coppice.search.indexes.asked import Alternatives, Asked, Found
from coppice.search.indexes.postgres import PostgresIndex
from coppice.search.indexes.sqlite import SQLiteIndex

__all__ = ["Alternatives", "Asked", "Found", "index"]


def index() -> SQLiteIndex | PostgresIndex:
    """Return the index of the database that we are connected to."""
    return PostgresIndex() if connection.vendor == "postgresql" else SQLiteIndex()
