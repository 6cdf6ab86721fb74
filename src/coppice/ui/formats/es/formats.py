"""Dates in Spanish as the screens of Coppice write them: months are named also where space is short."""

SHORT_DATE_FORMAT = "j b Y"
SHORT_DATETIME_FORMAT = "j b Y, H:i"
