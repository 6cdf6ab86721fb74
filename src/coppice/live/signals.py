"""What rooms above may listen to."""

from django.dispatch import Signal

# Sent inside the transaction of the change, with `participant`: a guest's place is a known person's now.
place_claimed = Signal()
