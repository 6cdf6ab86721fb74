"""What rooms above may listen to."""

from django.dispatch import Signal

# Sent inside the transaction of the change, with `participant`: a guest's place is a known person's now.
place_claimed = Signal()

# Likewise, with `guest` and `into`, before all that the guest's place has comes to the other place of the
# same person: a room above sees to what both have and one place has once.
place_merging = Signal()

# Likewise, with `participant`, the `person` whose place it was, and `by`: a place is a guest's again.
place_parted = Signal()
