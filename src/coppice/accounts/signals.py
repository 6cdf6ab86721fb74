"""What rooms above may listen to."""

from django.dispatch import Signal

# Sent inside the transaction of the change, with `person`: they now call themself otherwise.
person_renamed = Signal()

# Sent with `person` before an erasure is shown and before it is done: a room above that would feel it
# returns a list of `lib.consequences.Consequence`.
erasure_considered = Signal()

# Sent inside the transaction of the erasure, with `person`, before anything of theirs is cleared: whoever
# keeps words about a person in a place that no foreign key shows (a file, another's mail) drops them now.
person_erased = Signal()
