"""Make sure that the tests have a browser: Debian's Chromium where we may install it, Playwright's own elsewhere."""

import os
import shutil
import subprocess
import sys


def main() -> int:
    if shutil.which("chromium"):
        return 0
    if shutil.which("apt-get"):
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        update = subprocess.run([*sudo, "apt-get", "update", "-qq"], check=False)
        if update.returncode == 0:
            install = [
                *sudo,
                "apt-get",
                "install",
                "-y",
                "-qq",
                "chromium",
                "poppler-utils",
                "qpdf",
                "openssl",
            ]
            if subprocess.run(install, check=False).returncode == 0:
                return 0
    sys.stderr.write("Debian's Chromium cannot be installed here; trying Playwright's own download.\n")
    return subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
