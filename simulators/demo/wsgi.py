"""The public site with plain http allowed on loopback. Not in the production image."""

from app.bootstrap import site_or_exit
from app.factory import create_site

application = create_site(*site_or_exit(allow_loopback_http=True))
