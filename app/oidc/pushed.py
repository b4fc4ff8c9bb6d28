"""Pushed authorization requests (RFC 9126): the browser carries a reference, so that nobody on the way can read or change
what we ask."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from requests.auth import AuthBase

from app.oidc import transport
from app.oidc.config import Connection
from app.oidc.metadata import Metadata
from app.ports.login import ProviderUnavailable

_MAX_URI = 500


def push(config: Connection, metadata: Metadata, authorization_url: str, auth: AuthBase) -> str:
    """Send the parameters of this authorization address ahead, when the provider takes them that way; gives the address
    for the browser. Raises ProviderUnavailable."""
    if metadata.pushed_request_endpoint is None:
        if config.require_pushed_requests:
            raise ProviderUnavailable("metadata_without_par")
        return authorization_url
    endpoint = urlsplit(metadata.authorization_endpoint)
    kept = parse_qsl(endpoint.query)  # an address may have a query of its own
    asked = [pair for pair in parse_qsl(urlsplit(authorization_url).query) if pair not in kept]
    pushed = {name: value for name, value in asked if name != "client_id"}  # the proof has it already
    answer = transport.post(config, metadata.pushed_request_endpoint, pushed, auth)
    if answer.status != 201:
        # What the provider writes in `error` may be any text; its own log has it too.
        raise ProviderUnavailable(f"par_status_{answer.status}")
    query = [*kept, ("client_id", config.client_id), ("request_uri", _request_uri(answer))]
    return endpoint._replace(query=urlencode(query)).geturl()


def _request_uri(answer: transport.Answer) -> str:
    unverified = transport.json_object(answer).get("request_uri")
    if not isinstance(unverified, str) or not 0 < len(unverified) <= _MAX_URI:
        raise ProviderUnavailable("par_request_uri")
    if not (unverified.isascii() and unverified.isprintable()):
        raise ProviderUnavailable("par_request_uri")
    return unverified
