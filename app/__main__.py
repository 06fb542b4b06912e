"""`python -m app`."""

import gc

# What importing makes stays as long as the process: looking through it for what has gone finds nothing, each time anew.
gc.disable()

from app.cli import app  # noqa: E402  the collector is off first

gc.freeze()
gc.enable()

app()
