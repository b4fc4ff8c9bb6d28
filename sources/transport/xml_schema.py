"""A strict report on a message: what deviates from the official schema. It never decides whether data are used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any

from lxml import etree

from claims.financial_claim import Finding
from sources.errors import Misconfigured

MOST_FINDINGS = 50
_ODD = re.compile(r"[^A-Za-z0-9_/*:\[\]-]")


class SchemaReport:
    """Safe to share between threads."""

    def __init__(self, file: Path) -> None:
        """`file` is an XSD that imports its parts by relative path. Raises Misconfigured when it cannot be used."""
        parser = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False)
        try:
            self._schema = etree.XMLSchema(etree.parse(str(file), parser))
        except (OSError, etree.LxmlError):
            raise Misconfigured("the schema of this source cannot be used") from None
        self._lock = Lock()

    def findings(self, element: Any) -> tuple[Finding, ...]:
        """One `schema_deviation` per deviation, at most MOST_FINDINGS. The detail is where and which rule: the text
        of the library is left out, because it repeats the value."""
        with self._lock:
            if self._schema.validate(element):
                return ()
            found = tuple(dict.fromkeys(_findings(self._schema.error_log)))
        return found[:MOST_FINDINGS]


def _findings(errors: Any) -> Iterator[Finding]:
    for error in errors:
        where = _ODD.sub("", error.path or "")[:120]
        yield Finding("schema_deviation", f"{where} {error.type_name}".strip())
