"""The public site for gunicorn: `app.wsgi:application`. There is no argument here that relaxes anything."""

from app.bootstrap import site_or_exit
from app.factory import create_site

application = create_site(*site_or_exit())
