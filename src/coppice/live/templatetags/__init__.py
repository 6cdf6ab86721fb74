"""What templates of live rooms ask for."""
