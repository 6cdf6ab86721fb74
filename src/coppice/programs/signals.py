"""What programs announce to the rooms above them."""

from django.dispatch import Signal

# Sent inside the transaction, with `enrollment` and `by`: somebody was taken off a roster.
enrollment_ended = Signal()
