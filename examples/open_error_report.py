"""Open reports of citizens that lie in a folder: python open_error_report.py PRIVATE-KEY FILE...

For the organisation that gets them; the key is a private key as PEM or JWK. Needs only joserfc (`pip install joserfc`). Prints
one JSON object per line. The message is described in docs/schemas/melding-v1.json.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, RSAKey, import_key

ALGORITHMS = ["ECDH-ES+A256KW", "RSA-OAEP-256", "A256GCM"]


def load_key(file: Path) -> Key:
    text = file.read_bytes()
    if text.lstrip().startswith(b"{"):
        return import_key(json.loads(text))
    try:
        return ECKey.import_key(text)
    except (JoseError, ValueError, TypeError):
        return RSAKey.import_key(text)


def open_report(content: bytes, key: Key) -> dict[str, object]:
    """Raises joserfc.errors.JoseError when it is not for this key, or was changed."""
    report = json.loads(jwe.decrypt_compact(content, key, algorithms=ALGORITHMS).plaintext or b"")
    return dict(report)


def main(arguments: Sequence[str]) -> int:
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 64
    key = load_key(Path(arguments[0]))
    for name in arguments[1:]:
        print(json.dumps(open_report(Path(name).read_bytes(), key), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
