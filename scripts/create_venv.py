"""Create the virtual environment from a lock file. Standard library only: it runs before anything is installed."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path


def main(folder: str, lock_file: str, *options: str) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 -- an older python3 is just what we must explain
        sys.stderr.write(
            f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Try: make PYTHON=python3.12 ...\n"
        )
        return 1
    target = Path(folder)
    try:
        venv.create(target, with_pip=True, clear=not (target / "bin" / "python").exists())
    except (subprocess.CalledProcessError, OSError) as error:
        sys.stderr.write(
            f"Cannot create a virtual environment in {target} ({error}). On Debian: apt-get install python3-venv\n"
        )
        return 1
    python = str(target / "bin" / "python")
    uv = shutil.which("uv", path=str(target / "bin")) or shutil.which("uv")
    if uv is None:
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"], check=True
        )
        uv = str(target / "bin" / "uv")
    base = [uv, "pip"]
    # Offices often inspect TLS with an authority of their own: trust what the machine trusts, as pip does.
    trust = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1", **os.environ}
    sync = [*base, "sync", "--quiet", "--python", python, "--require-hashes", lock_file]
    subprocess.run(sync, check=True, env=trust)
    if "--without-project" in options:
        return 0
    install = [*base, "install", "--quiet", "--python", python, "--no-deps", "--editable", "."]
    subprocess.run(install, check=True, env=trust)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"Installing failed: {' '.join(map(str, error.cmd))}\n")
        sys.exit(1)
