"""Dates in Spanish as the screens of Coppice write them: months are named also where space is short."""

SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
