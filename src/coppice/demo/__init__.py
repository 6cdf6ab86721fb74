"""Believable data to look around in, and a door for each kind of person; nothing of it outside the demo."""
