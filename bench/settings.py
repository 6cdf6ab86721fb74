"""Coppice's own settings, with two bare pages beside the real ones to measure against."""

from coppice.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
