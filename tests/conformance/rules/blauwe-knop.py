# Each `ruleid` line must be found by that rule, each `ok` line left alone: `semgrep --test tests/conformance/rules`.
import csv
import datetime
import hashlib
import os
import pickle
import random
import ssl

import flask
import markupsafe
import requests
import structlog

log = structlog.get_logger()


def examples(context, number, value, app):
    # ruleid: no-unverified-tls
    context.verify_mode = ssl.CERT_NONE
    # ok: no-unverified-tls
    context.verify_mode = ssl.CERT_REQUIRED
    # ruleid: no-shell
    os.system("ls")
    # ruleid: no-code-from-data
    pickle.loads(value)
    # ruleid: no-code-from-data
    flask.render_template_string(value)
    # ruleid: no-unescaped-html
    markupsafe.Markup(value)
    # ok: no-unescaped-html
    markupsafe.Markup("<br>")
    # ruleid: no-naive-moment
    datetime.datetime.now()
    # ok: no-naive-moment
    datetime.datetime.now(datetime.UTC)
    # ruleid: no-person-in-a-log-line
    log.info("asked", who=number.digits)
    # ruleid: no-person-in-a-log-line
    log.exception("it broke")
    # ok: no-person-in-a-log-line
    log.info("asked", source="bron")
    # ruleid: no-weak-hash
    hashlib.sha1(value)
    # ok: no-weak-hash
    hashlib.sha256(value)
    # ruleid: no-predictable-secret
    random.randint(1, 6)
    # ruleid: no-open-ended-request
    requests.get("https://voorbeeld.nl")
    # ok: no-open-ended-request
    requests.get("https://voorbeeld.nl", timeout=5)
    # ruleid: no-bare-balance
    total = value.amounts.balance
    # ok: no-bare-balance
    total = balance_to_show(value)
    # ruleid: no-bare-cells
    csv.writer(value).writerow([number])
    # ok: no-bare-cells
    csv.writer(value).writerow(map(safe_cell, [number, total]))
    # ruleid: no-invisible-name
    if not value.strip():
        raise ValueError
    # ok: no-invisible-name
    if not is_visible(value):
        raise ValueError
    # ruleid: no-environment-switch
    app.debug = True
