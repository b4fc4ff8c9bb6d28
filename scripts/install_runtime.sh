#!/bin/sh
# Build the runtime environment of the image from the lock file.
# $1: folder, $2: lock file, $3: where our own packages will lie (a .pth file points there, so that the isolated child
# process that examines files, which gets no environment, finds them too).
set -eu
python3 -m venv "$1"
"$1/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir --require-hashes --only-binary :all: -r "$2"
"$1/bin/pip" uninstall --quiet --yes pip setuptools 2>/dev/null || "$1/bin/pip" uninstall --quiet --yes pip
echo "$3" > "$("$1/bin/python" -c "import sysconfig; print(sysconfig.get_path('purelib'))")/blauwe-knop.pth"
