"""The operator site for gunicorn: `app.operator_wsgi:application`. There is no argument here that relaxes anything."""

from app.bootstrap import operator_site_or_exit
from app.factory import create_operator_site

application = create_operator_site(*operator_site_or_exit())
