"""The operator site with plain http allowed on loopback. Not in the production image."""

from app.bootstrap import operator_site_or_exit
from app.factory import create_operator_site

application = create_operator_site(*operator_site_or_exit(allow_loopback_http=True))
