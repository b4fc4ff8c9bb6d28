"""Ask an organisation of the list at which addresses it answers, and in which versions."""

from __future__ import annotations

from collections.abc import Mapping

from claims.strict_json import loads_strict
from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.errors import Misconfigured, SourceMalformed, SourceUntrusted
from sources.fcid.adapter import VERSIONS
from sources.fcid.scheme.names import DISCOVERY, DISCOVERY_TYPE, MEDIA_TYPE
from sources.fcid.scheme.reader import ListedOrganisation
from sources.fcid.scheme.signed import open_signed
from sources.transport.address import parse_address
from sources.transport.http import HttpTransport, settings_of

_MAX_BYTES = 100_000


def discover(listed: ListedOrganisation, config: SourceConfig, deadline: Deadline) -> SourceConfig:
    """The settings with which this organisation can be asked: address and version filled in. `config` is that of the
    list. The version of the settings is preferred; any other that we speak will do. Raises a SourceError."""
    endpoints = _endpoints(_document(listed, config, deadline), listed)
    version = next((v for v in (config.fcid_version, *VERSIONS) if v in endpoints), None)
    if version is None:
        raise SourceMalformed("the organisation offers no version that we speak")
    url = endpoints[version]
    try:
        parse_address(url if isinstance(url, str) else "")
    except ValueError:
        raise SourceMalformed("the discovery document names no plain https address") from None
    return config.model_copy(update={"url": url, "fcid_version": version, "scheme": None})


def _document(listed: ListedOrganisation, config: SourceConfig, deadline: Deadline) -> Mapping[str, object]:
    """Unverified, but for the signature when one is asked for."""
    if config.scheme is None:
        raise Misconfigured("discovery is for organisations in a list")
    max_bytes = min(_MAX_BYTES, config.max_bytes)
    at_discovery = config.model_copy(update={"url": listed.discovery_url, "max_bytes": max_bytes})
    transport = HttpTransport(settings_of(at_discovery))
    if config.scheme.discovery == "signed":
        token = transport.get(MEDIA_TYPE.name, deadline)
        return open_signed(token, (listed.key,), DISCOVERY_TYPE.name)[0]
    try:
        document = loads_strict(transport.get("application/json", deadline), max_bytes)
    except ValueError:
        raise SourceMalformed("the discovery document is not strict JSON") from None
    if not isinstance(document, dict):
        raise SourceMalformed("the discovery document is not a JSON object")
    return document


def _endpoints(document: Mapping[str, object], listed: ListedOrganisation) -> Mapping[str, object]:
    if document.get(DISCOVERY["oin"].name) != listed.oin:
        raise SourceUntrusted("the discovery document is of another organisation")
    endpoints = document.get(DISCOVERY["endpoints"].name)
    if not isinstance(endpoints, dict):
        raise SourceMalformed("the discovery document names no addresses")
    return endpoints
