"""How dates are written in each language, where the way of Django would puzzle (FORMAT_MODULE_PATH)."""
