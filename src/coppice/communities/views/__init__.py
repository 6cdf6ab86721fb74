"""The doors of communities: invitations and places, people, the frame, what people wrote."""
