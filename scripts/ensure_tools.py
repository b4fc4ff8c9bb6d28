"""Make sure that the tests have a browser and other people's PDF tools, or say in one sentence what is missing.

Debian's packages where we may install them (as root or by sudo), Playwright's own browser elsewhere. With the argument
`conformance` also what `make conformance` needs: Java with the libraries that veraPDF expects beside it, EU DSS from Maven
Central, and npm's jose, oidc-provider and openid-client. With the argument `bench` the libraries that WeasyPrint sets text with.
"""

import ctypes.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = {
    "chromium": "chromium",
    "pdfsig": "poppler-utils",
    "qpdf": "qpdf",
    "openssl": "openssl",
    "curl": "curl",
    "xmlsec1": "xmlsec1",
    "softhsm2-util": "softhsm2",
}
CONFORMANCE = {
    "javac": "default-jdk-headless",
    "mvn": "maven",
    "node": "nodejs",
    "npm": "npm",
    "/usr/share/java/jaxb-runtime.jar": "libjaxb-java",
    "nginx": "nginx-light",
    "testssl": "testssl.sh",
    "promtool": "prometheus",
    "cc": "gcc",
    "/usr/include/stdio.h": "libc6-dev",
}
BENCH = {"library pangoft2-1.0": "libpangoft2-1.0-0", "library harfbuzz-subset": "libharfbuzz-subset0"}
FETCHES = {
    "tests/conformance/java/dss": ("mvn", "-q", "-B", "dependency:copy-dependencies"),
    "tests/conformance/node": ("npm", "ci", "--silent"),
    "tests/conformance/api_rules": ("npm", "ci", "--silent", "--ignore-scripts"),
    "tests/conformance/oidc_provider": ("npm", "ci", "--silent"),
    "tests/conformance/oauth_client": ("npm", "ci", "--silent", "--ignore-scripts"),
    # Its optional parts are compiled, and are for its own database.
    "tests/conformance/observatory": ("npm", "ci", "--silent", "--ignore-scripts"),
}
PYTHON_TOOLS = (
    ".venv-tools",
    "requirements/tools.lock",
)  # in an environment of their own: their pins are not ours


def main(arguments: list[str]) -> int:
    packages = PACKAGES | (CONFORMANCE if "conformance" in arguments else {})
    packages |= BENCH if "bench" in arguments else {}
    missing = _missing(packages)
    if missing and shutil.which("apt-get"):
        _install(sorted({packages[tool] for tool in missing}))
        missing = _missing(packages)
    if "chromium" in missing and _download_browser():
        missing.remove("chromium")
    if missing:
        names = " ".join(sorted({packages[tool] for tool in missing}))
        sys.stderr.write(f"Needed: {', '.join(missing)}. On Debian: apt-get install {names}\n")
        return 1
    return 0 if "conformance" not in arguments or _fetch_judges() else 1


def _missing(packages: dict[str, str]) -> list[str]:
    return [tool for tool in packages if not _is_there(tool)]


def _is_there(tool: str) -> bool:
    """A program, a file by its whole path, or "library NAME"."""
    if tool.startswith("library "):
        return ctypes.util.find_library(tool.removeprefix("library ")) is not None
    return bool(shutil.which(tool)) or Path(tool).is_file()


def _install(packages: list[str]) -> None:
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run([*sudo, "apt-get", *command], check=False, env=environment, stdout=sys.stderr)


def _fetch_judges() -> bool:
    """Judges that are no packages of Debian, in the versions that are committed beside them."""
    root = Path(__file__).parents[1]
    for folder, command in FETCHES.items():
        if subprocess.run(command, cwd=root / folder, check=False, stdout=sys.stderr).returncode != 0:
            sys.stderr.write(f"{folder}: `{' '.join(command)}` failed\n")
            return False
    create = [sys.executable, "scripts/create_venv.py", *PYTHON_TOOLS, "--without-project"]
    return subprocess.run(create, cwd=root, check=False).returncode == 0


def _download_browser() -> bool:
    sys.stderr.write("Debian's Chromium cannot be installed here; trying Playwright's own download.\n")
    download = [sys.executable, "-m", "playwright", "install", "chromium"]
    return subprocess.run(download, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
