#!/bin/sh
# Build the runtime environment of the image from the lock file. $1: folder, $2: lock file.
set -eu
python3 -m venv "$1"
"$1/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir --require-hashes --only-binary :all: -r "$2"
"$1/bin/pip" uninstall --quiet --yes pip setuptools 2>/dev/null || "$1/bin/pip" uninstall --quiet --yes pip
