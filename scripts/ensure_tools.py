"""Make sure that the tests have a browser and other people's PDF tools, or say in one sentence what is missing.

Debian's packages where we may install them (as root or by sudo), Playwright's own browser elsewhere.
"""

import os
import shutil
import subprocess
import sys

PACKAGES = {
    "chromium": "chromium",
    "pdfsig": "poppler-utils",
    "qpdf": "qpdf",
    "openssl": "openssl",
    "xmlsec1": "xmlsec1",
}


def main() -> int:
    missing = _missing()
    if missing and shutil.which("apt-get"):
        _install(sorted({PACKAGES[tool] for tool in missing}))
        missing = _missing()
    if "chromium" in missing and _download_browser():
        missing.remove("chromium")
    if missing:
        packages = " ".join(sorted(PACKAGES[tool] for tool in missing))
        sys.stderr.write(f"The tests need {', '.join(missing)}. On Debian: apt-get install {packages}\n")
    return 1 if missing else 0


def _missing() -> list[str]:
    return [tool for tool in PACKAGES if shutil.which(tool) is None]


def _install(packages: list[str]) -> None:
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run([*sudo, "apt-get", *command], check=False, env=environment, stdout=sys.stderr)


def _download_browser() -> bool:
    sys.stderr.write("Debian's Chromium cannot be installed here; trying Playwright's own download.\n")
    download = [sys.executable, "-m", "playwright", "install", "chromium"]
    return subprocess.run(download, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
