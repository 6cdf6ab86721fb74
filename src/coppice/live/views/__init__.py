"""The pages of live rooms."""
