"""What the web server loads: `granian --interface wsgi wsgi:app`."""

from app import create_app

app = create_app()
