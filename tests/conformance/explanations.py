"""Why another judge says something else than we do, per judge and group of cases. A difference that is not here is a failure."""

from __future__ import annotations

from tests.corpus.case import Case

_OWNER = "it is run without our list of trusted organisations and purposes, and says only whether the signature fits"
_KEY = (
    "it proves the key that the file itself names; whose key that is, what it is for and whether it was revoked"
    " it leaves to the caller"
)
_REGISTER = "only we can ask the register of issued documents"
_FORM = "the signature fits; that our documents never have this form is our own rule"
_RANGE = "it is given only the bytes that the seal says it covers, and knows nothing of the PDF around them"
_SYNTAX = "it judges syntax and looks at no seal"
_PDFA = "it judges PDF/A and PDF/UA and looks at no seal"
_JWS = "allowed by RFC 7515 and ignored; our seals never have it, so that nobody can put a second meaning beside the first"
_RECORD = "the seal is good; what was sealed is not an overview, which only we look at"
_CHANGES = "it reports a change after sealing as a warning, and leaves it to the reader"
_ANCHOR = "our root is a bare trust anchor to it: organisation, purpose and size of key are left to a policy and to trusted lists"
_EXPIRED = "the certificate is not valid now; it asks for a time-stamp, we say so as a remark"
_NO_CRL = "it is given no revocation lists"
_NOT_THE_WRITER = (
    "made by the small PDF writer of the tests, which is no PDF/A; the seal is what the case is about"
)

_ARCHIVED = (
    "the seal covers the file as it was handed out; the archival section stands behind it (PAdES B-LTA)"
)
_SECTION = "what stands behind the seal is no part of what it judges"
_STAMP = "the time-stamp over the seal itself is good, and the archival one is judged apart from it"

_REGISTERS = dict.fromkeys(("register-pdf", "register-json", "archived-register-pdf"), _REGISTER)
_PDF_FORMS = dict.fromkeys(
    ("attributes", "cms", "fields", "other-form", "forged-signature", "flipped"), _FORM
)
_JSON = {
    **_REGISTERS,
    **dict.fromkeys(("maker-json", "revoked-since-json", "jws-key"), _KEY),
    **dict.fromkeys(("jws-bytes", "jws-header", "jws-members"), _JWS),
    "jws-record": _RECORD,
}
_BY_GROUP: dict[str, dict[str, str]] = {
    "pdfsig": {
        **_REGISTERS,
        **_PDF_FORMS,
        **dict.fromkeys(("maker-pdf", "revoked-since-pdf"), _OWNER),
        "foreign-kind": _FORM,
        **dict.fromkeys(
            ("archived-pdf", "archived-lapsed", "archived-register-pdf", "revoked-later-pdf"), _ARCHIVED
        ),
        "signed-again": "the only signature covers both revisions; ours are always in the first and only one",
    },
    "openssl": {
        **_REGISTERS,
        **_PDF_FORMS,
        **dict.fromkeys(("appended", "updated", "shadow", "signed-again", "saved-anew"), _RANGE),
        **dict.fromkeys(("fields", "other-form", "foreign-kind"), _RANGE),
        **dict.fromkeys(("archived-changed", "archived-maker"), _SECTION),
        "archived-pdf": "it checks the chain at this moment and does not use the time-stamps",
        "archived-lapsed": _EXPIRED,
        "maker-pdf": "run with `-purpose any`: it checks the chain, not the organisation, its purpose or revocation",
        "revoked-since-pdf": _NO_CRL,
        "expired-since-pdf": _EXPIRED,
        "genuine-pdf": "it checks the chain at this moment and does not use the time-stamp",
    },
    "jwcrypto": _JSON,
    "jose": _JSON,
    "EU DSS": {
        **_JSON,
        **_REGISTERS,
        **_PDF_FORMS,
        **dict.fromkeys(("appended", "updated", "shadow", "signed-again"), _CHANGES),
        **dict.fromkeys(("maker-pdf", "maker-json"), _ANCHOR),
        "archived-changed": _CHANGES,
        "archived-maker": _STAMP,
        "archived-lapsed": _EXPIRED,
        **dict.fromkeys(("expired-since-pdf", "expired-since-json"), _EXPIRED),
        "genuine-pdf": "our lists of today do not promise to name certificates that have expired (RFC 5280 leaves those out)",
    },
}
_ANY_GROUP = {"qpdf": _SYNTAX, "veraPDF": _PDFA}
_STORE_UNDER_THE_SEAL = (
    "EU DSS 6.4 calls a signature LT only when a later revision holds another DSS dictionary than the signed one"
    " (`AbstractPDFSignatureService.getRevisions`: no `PdfDocDssRevision`, no dictionary for the signature, and without it no"
    " `PAdESBaselineRequirementsChecker.hasLTProfile`). Ours lies under the seal, in the same and only revision, so that"
    " nothing is ever appended; DSS calls that T. With the same data appended it says LT: archived-changed-store-only.pdf"
)


def explanation(judge: str, case: Case, *, accepted: bool) -> str | None:
    """Why this judge differs from us about this case, or None when nobody knows."""
    if judge == "veraPDF" and not accepted:
        return None if is_by_the_service(case) else _NOT_THE_WRITER
    return (
        _ANY_GROUP.get(judge)
        if accepted and judge in _ANY_GROUP
        else _BY_GROUP.get(judge, {}).get(case.group)
    )


def is_by_the_service(case: Case) -> bool:
    """Whether the service's own PDF writer made the file, so that it must be PDF/A-3a and PDF/UA-1."""
    return case.group in _GROUPS_BY_THE_SERVICE and case.name not in _SMALL


_GROUPS_BY_THE_SERVICE = {"genuine-pdf", "token-pdf", "register-pdf", "archived-pdf", "archived-register-pdf"}
_SMALL = frozenset(
    (
        *("genuine-pdf-small", "genuine-pdf-thousand-pages", "genuine-pdf-five-thousand-pages"),
        *("genuine-pdf-capital-digits", "genuine-pdf-first-second", "genuine-pdf-clock-ahead"),
        *("genuine-pdf-directly-below-root", "genuine-pdf-expired-but-stamped"),
        *("archived-pdf-expired-seal", "archived-pdf-renewed-in-time"),
    )
)


def level_explanation(case: Case, word: str) -> str | None:
    """EU DSS names a level; why it is not the one that we say, or None when it is."""
    if case.row == 11 and case.name.endswith("b-lt") and word.endswith("-BASELINE-T"):
        return _STORE_UNDER_THE_SEAL
    return None
