"""Archives from elsewhere as plain values: a file in, what somebody wrote and when out; no database."""
