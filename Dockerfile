# Two stages: build the environment, then copy it into a clean base. Nothing of simulators/ or tests/ goes in.
# scripts/build_image.py performs these same steps without Docker; tests/integration/test_image.py reads the result.
# For a sealing key in a hardware module: requirements/hsm.lock instead of run.lock, and your supplier's PKCS#11 library
# in the second stage (docs/keys.md).
FROM python:3.11-slim-bookworm AS build
# The moment of the commit: then Python keeps no moments in what it compiles (docs/releasing.md).
ARG SOURCE_DATE_EPOCH
COPY requirements/run.lock /build/run.lock
COPY scripts/install_runtime.sh /build/install_runtime.sh
RUN sh /build/install_runtime.sh /opt/venv /build/run.lock /srv/blauwe-knop

FROM python:3.11-slim-bookworm
COPY --from=build /opt/venv /opt/venv
COPY app /srv/blauwe-knop/app
COPY claims /srv/blauwe-knop/claims
COPY signing /srv/blauwe-knop/signing
COPY sources /srv/blauwe-knop/sources
COPY templates /srv/blauwe-knop/templates
COPY deploy/gunicorn.py /srv/blauwe-knop/deploy/gunicorn.py
COPY deploy/blauwe-knop /usr/local/bin/blauwe-knop
COPY LICENSE /srv/blauwe-knop/LICENSE
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /srv/blauwe-knop
# A number, so that Kubernetes can see that it is not root. The root file system may be read-only: the service writes
# only to its database and to /dev/shm. Settings, keys and trust are mounted at instance/.
USER 10001:10001
EXPOSE 8000
# The same image runs the other programs. The operator site: the command below with app.operator_wsgi:application as last
# word (and BLAUWE_KNOP_BIND for another port); background work: blauwe-knop work. See deploy/compose.yaml.
CMD ["gunicorn", "--config", "deploy/gunicorn.py", "app.wsgi:application"]
