"""Django's SQLite backend with a fair queue: the writers of one process take turns in the order they came."""
