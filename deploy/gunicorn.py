"""gunicorn settings of the production image: threads, because a request may wait for sources."""

import os

from app.loaded_ahead import load_ahead
from app.observability import configure_logging

load_ahead()
bind = os.environ.get("BLAUWE_KNOP_BIND", "0.0.0.0:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "app.http.patient_worker.PatientWorker"  # threads; slow visitors get none
threads = int(os.environ.get("BLAUWE_KNOP_THREADS", "8"))
timeout = 60
graceful_timeout = 35  # a collection that is running ends within 30 s
keepalive = 5
worker_tmp_dir = "/dev/shm"  # noqa: S108 -- the root file system is read-only
control_socket_disable = True
accesslog = None  # our own log lines have no query strings and no addresses
limit_request_line = 4094
limit_request_fields = 50
forwarded_allow_ips = ""  # nobody tells gunicorn the scheme: [proxy] in the settings says whom we believe


def on_starting(_server: object) -> None:
    """What the first process says of the others, such as that one was killed, in JSON too."""
    configure_logging("INFO")
