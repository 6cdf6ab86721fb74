"""What rooms above may listen to."""

from django.dispatch import Signal

# Sent inside the transaction of the change, with `participant`: a guest's place is a known person's now.
place_claimed = Signal()

# Likewise, with `participant`, the `person` whose place it was, and `by`: a place is a guest's again.
place_parted = Signal()
