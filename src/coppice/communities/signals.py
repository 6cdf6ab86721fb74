"""What communities announce to the rooms above them."""

from django.dispatch import Signal

# Sent inside the transaction, with `community` and `by`.
community_formed = Signal()

# Sent inside the transaction, with `membership` and `by`: somebody joined, or came back from a pause.
membership_began = Signal()
