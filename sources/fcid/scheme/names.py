"""All names in the signed list of organisations and in a discovery document, in one table.

The list follows the idea of the scheme document (stelseldocument) of Blauwe Knop Connect. That standard is a working
draft and leaves names, path, form of signature and life to a profile that is not public (docs/decisions). So hardly a
name here is confirmed; `evidence` says how sure each one is. They may change here, and only here.
"""

from __future__ import annotations

from claims.fcid.names import Evidence, WireName


def _name(name: str, evidence: Evidence) -> WireName:
    return WireName(name, evidence, required=True)


# What an organisation must be able to answer to be a source for us (draft-vorijk-00).
CLAIMS_REQUEST = _name("FINANCIAL_CLAIMS_INFORMATION_REQUEST", Evidence.CONFIRMED)

# Our own: a signed list can never pass for a discovery document, or the other way round (RFC 8725, 3.11).
LIST_TYPE = _name("organisations+jws", Evidence.INFERRED)
DISCOVERY_TYPE = _name("discovery+jws", Evidence.INFERRED)
MEDIA_TYPE = _name("application/jose", Evidence.INFERRED)  # RFC 7515, 9.2.1

LIST = {
    "version": _name("version", Evidence.SAID),
    "issuer": _name("iss", Evidence.SAID),
    "issued_at": _name("iat", Evidence.SAID),
    "valid_until": _name("exp", Evidence.SAID),
    "organisations": _name("organizations", Evidence.SAID),
}
# That each has name, discovery address, key and document types is confirmed; how those are called is not.
ORGANISATION = {
    "oin": _name("oin", Evidence.SAID),
    "name": _name("name", Evidence.SAID),
    "discovery_url": _name("discovery_url", Evidence.SAID),
    "key": _name("public_key", Evidence.SAID),
    "document_types": _name("document_types", Evidence.SAID),
    "withdrawn": WireName("withdrawn", Evidence.INFERRED),
}
# Perhaps called `bk-configuration` in the standard; its content is not public.
DISCOVERY = {
    "oin": _name("oin", Evidence.INFERRED),
    "endpoints": _name("fcid", Evidence.INFERRED),  # FCID version, "3" or "4.1" -> address
}
