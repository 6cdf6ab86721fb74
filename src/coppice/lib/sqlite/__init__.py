"""Django's SQLite backend with a fair queue: in one process, writers take their turn in the order they came."""
