"""gunicorn settings of the demo; the others stand on its command line."""

from app.loaded_ahead import load_ahead

load_ahead()
