#!/bin/sh
# Build the runtime environment of the image from the lock file.
# $1: folder, $2: lock file, $3: where our own packages will lie (a .pth file points there, so that the isolated child
# process that examines files, which gets no environment, finds them too).
set -eu
export PYTHONHASHSEED=0  # sets of names are then compiled in one order
python3 -m venv "$1"
"$1/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir --no-compile --require-hashes --only-binary :all: -r "$2"
"$1/bin/pip" uninstall --quiet --yes pip setuptools 2>/dev/null || "$1/bin/pip" uninstall --quiet --yes pip
# What is compiled names the hash of its source in the place of the moment, so that the next build gives the very same files.
# -f: pip looks for packages that it may use itself (attr), and what that left compiled names a moment and would stay.
"$1/bin/python" -m compileall -q -f --invalidation-mode unchecked-hash "$1/lib"
echo "$3" > "$("$1/bin/python" -c "import sysconfig; print(sysconfig.get_path('purelib'))")/blauwe-knop.pth"
