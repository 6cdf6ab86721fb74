"""The verbs of conversations: begin a thread, write, change, answer, react, read, and tell others."""
