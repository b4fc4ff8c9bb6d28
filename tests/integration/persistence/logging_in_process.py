"""A process that stores the session of one log-in: arguments are the database, the key file, the issuer and the `sid`."""

import sys
from pathlib import Path

from app.persistence.cipher import KeyRing
from app.persistence.engine import open_database
from app.persistence.session_store import SqlSessionStore
from app.ports.login import ProviderSession
from app.ports.sessions import StoredSession
from tests.integration.persistence.outcomes import NOW

url, key_file, issuer, sid = sys.argv[1:]
store = SqlSessionStore(open_database(url), KeyRing.parse(Path(key_file).read_text()))
store.create("of-the-other", StoredSession(b"{}", "owner", NOW, NOW, ProviderSession(issuer, "iemand", sid)))
