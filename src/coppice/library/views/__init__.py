"""The pages of a library and the ways to change it."""
