"""Rosters that arrive as tables: columns matched, rows read, people compared; plain values, no database."""
