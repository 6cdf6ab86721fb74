"""What hosts and participants do in a live room."""
