"""Reading key and certificate files: whatever is wrong is one line for the operator, with the file's name."""

import stat
from pathlib import Path

from cryptography import x509

from signing.errors import KeyRefused


def read(file: Path) -> bytes:
    """The content. Raises KeyRefused."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise KeyRefused(f"{file}: {error.strerror}") from error


def read_secret(file: Path) -> bytes:
    """The content of a file that only its owner can use. Raises KeyRefused, also when others can read it."""
    content = read(file)
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyRefused(f"{file}: others than the owner can read this key file; use: chmod 600 {file}")
    return content


def read_line(file: Path) -> str:
    """A password or PIN: the first line of a secret file. Raises KeyRefused."""
    try:
        lines = read_secret(file).decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise KeyRefused(f"{file}: not text in UTF-8") from error
    if not lines or not lines[0]:
        raise KeyRefused(f"{file}: the first line is empty")
    return lines[0]


def read_certificates(file: Path) -> list[x509.Certificate]:
    """One or more certificates in PEM, or one in DER. Raises KeyRefused."""
    content = read(file)
    try:
        if b"-----BEGIN" not in content:
            return [x509.load_der_x509_certificate(content)]
        return x509.load_pem_x509_certificates(content)
    except ValueError as error:
        raise KeyRefused(f"{file}: not a certificate in PEM or DER") from error
