"""Telling what was found: what matched, how far it is, and what stands between it and the student who looks."""
