"""What communities announce to the rooms above them."""

from django.dispatch import Signal

# Sent inside the transaction, with `community` and `by`.
community_formed = Signal()

# Sent inside the transaction, with `membership` and `by`: somebody joined, or came back from a pause.
membership_began = Signal()

# Sent inside the transaction, with `membership` and `by`: an active member leads from now on.
leadership_began = Signal()

# Sent inside the transaction, with `membership` and `by`: somebody who led does so no more.
leadership_ended = Signal()
