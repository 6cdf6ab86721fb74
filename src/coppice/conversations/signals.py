"""What conversations announce to the rooms above them."""

from django.dispatch import Signal

# Sent inside the transaction, with `help` and `by`: a question was answered, or an ask helped, by somebody.
help_given = Signal()

# Sent inside the transaction, with `thread` and `by`: nobody is said to have helped any more.
help_taken_back = Signal()
