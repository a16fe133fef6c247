"""What the web server loads: `granian --interface wsgi wsgi:app`."""

from app import create_app
from app.settled import settle

app = create_app()
settle()
