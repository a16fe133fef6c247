"""What the web server loads: `granian --interface wsgi wsgi:app`."""

import gc

gc.disable()  # what is loaded stays: looking through it eighty times takes a fifth of the start; `settle` looks once

from app import create_app  # noqa: E402
from app.settled import settle  # noqa: E402

app = create_app()
settle()
