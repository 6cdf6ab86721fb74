"""Text messages to phones: whose number it is, what may be sent when, and the provider that carries it."""
