"""What hosts and participants do in the formats."""
