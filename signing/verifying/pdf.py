"""Verify a sealed PDF, stricter than ISO 32000 and than pyHanko's own bottom line.

Exactly one signature, in the field `Zegel`; it covers every byte; one single revision; certified with "no changes
allowed" (DocMDP P=1); one attachment, `schuldenoverzicht.json` or that of a summary, that parses and whose control code is
the printed one.

Choices where the verdict table leaves room:
- a file that once carried a seal (remains of one) but cannot be read, or from which it was removed: altered;
- an intact signature of a stranger: untrusted, also when its form is not that of our documents;
- kinds of signatures that no sealed overview ever has (SHA-1 kinds, a bare document time-stamp): untrusted.
"""

from datetime import datetime
from typing import NoReturn

from signing.control_code import control_code
from signing.policy import TrustPolicy
from signing.report import B_B, B_LT, B_LTA, B_T, CheckId, Finding, SealReport
from signing.time_stamp import NotATimeStamp, TimeStamp, read_time_stamp
from signing.verifying.archive import Broken, read_archived_copy
from signing.verifying.judgement import Intact, judge
from signing.verifying.look import once_sealed
from signing.verifying.pdf_file import (
    OverLimits,
    PdfFile,
    SignatureField,
    Unreadable,
    elements,
    member,
    moment,
    reading,
)
from signing.verifying.pdf_seal import PdfSealData
from signing.verifying.proof import Evidence
from signing.verifying.record import Record, Refused
from signing.verifying.strict_json import NotStrictJson, parse_object

ATTACHMENT = "schuldenoverzicht.json"
SUMMARY_ATTACHMENT = "schuldensamenvatting.json"
FIELD = "Zegel"
CONTROL_CODE_KEY = "/Controlecode"
LEVEL_KEY = "/Zegelniveau"
_OUR_KIND = "/ETSI.CAdES.detached"
_NEVER_OURS = {"/adbe.pkcs7.sha1", "/adbe.x509.rsa_sha1", "/ETSI.RFC3161"}
_NO_CHANGES = 1


def verify_pdf(data: bytes, policy: TrustPolicy, now: datetime) -> SealReport:
    """The report about a PDF. `now` is aware. Never raises for anything that is in the file."""
    record = Record.of(data, "pdf")
    try:
        return record.report(_verify(record, data, policy, now))
    except Refused as refused:
        return record.report(refused.finding)


def _verify(record: Record, data: bytes, policy: TrustPolicy, now: datetime) -> Finding:
    try:
        return _verify_readable(record, data, policy, now)
    except Broken:
        reason = "what was appended for the archive was changed, or there is more"
        record.refuse(CheckId.WHOLE_FILE, Finding.ALTERED, reason)
    except OverLimits:
        record.refuse(CheckId.READABLE, Finding.NOT_SEALED, "reading it would take more than we allow")
    except Unreadable:
        _refuse_unreadable(record, data)


def _verify_readable(record: Record, data: bytes, policy: TrustPolicy, now: datetime) -> Finding:
    copy = read_archived_copy(data)
    if copy is None:
        return _verify_original(record, PdfFile(data), Evidence(), (policy, now))
    finding = _verify_original(record, copy.original, copy.evidence, (policy, now))
    record.know(level=B_LTA, archived_at=copy.evidence.stamps[-1].at)
    is_proven = finding is Finding.GENUINE and record.facts.proven_at is not None
    return Finding.ARCHIVED if is_proven else finding


def _verify_original(
    record: Record, file: PdfFile, later: Evidence, by: tuple[TrustPolicy, datetime]
) -> Finding:
    """The file as it was handed out, in one revision; `later` is what was put around it for the archive."""
    field = _find_seal(record, file)
    seal = PdfSealData(file, field)
    _check_unchanged(record, file, seal)
    stamp = _time_stamp(record, seal)
    intact = Intact(
        seal.certificates(),
        moment(field.text("/M")),
        lambda: _check_form(record, file, field, seal),
        Evidence((stamp,) if stamp else (), *file.long_term_data()).followed_by(later),
    )
    return judge(record, intact, *by)


def _time_stamp(record: Record, seal: PdfSealData) -> TimeStamp | None:
    """The time-stamp over the signature, in our spelling; who made it is judged later."""
    token = seal.token()
    if token is None:
        return None
    try:
        stamp = read_time_stamp(token)
    except NotATimeStamp:
        record.refuse(CheckId.UNCHANGED, Finding.ALTERED, "the time-stamp is damaged")
    if stamp.digest != seal.signature_digest() or not stamp.is_in_our_spelling:
        record.refuse(CheckId.UNCHANGED, Finding.ALTERED, "the time-stamp does not belong to this seal")
    return stamp


def _refuse_unreadable(record: Record, data: bytes) -> NoReturn:
    if once_sealed(data, "pdf"):
        record.refuse(CheckId.UNCHANGED, Finding.ALTERED, "damaged: remains of a seal that cannot be read")
    record.refuse(CheckId.READABLE, Finding.NOT_SEALED, "not readable as PDF")


def _find_seal(record: Record, file: PdfFile) -> SignatureField:
    if file.is_encrypted():
        record.refuse(CheckId.READABLE, Finding.NOT_SEALED, "the file is encrypted")
    fields = file.signature_fields()
    record.ok(CheckId.READABLE, "readable as PDF")
    if not fields:
        if once_sealed(file.data, "pdf"):
            record.refuse(CheckId.ONE_SEAL, Finding.ALTERED, "there are remains of a seal, but no seal")
        record.refuse(CheckId.ONE_SEAL, Finding.NOT_SEALED, "there is no seal in it")
    if len(fields) > 1:
        record.refuse(CheckId.ONE_SEAL, Finding.ALTERED, "there is more than one signature")
    record.ok(CheckId.ONE_SEAL, "exactly one signature")
    if fields[0].text("/SubFilter") in _NEVER_OURS:
        record.refuse(CheckId.ORGANISATION, Finding.UNTRUSTED, "a kind of signature that we never use")
    return fields[0]


def _check_unchanged(record: Record, file: PdfFile, seal: PdfSealData) -> None:
    if not seal.is_unchanged():
        record.refuse(CheckId.UNCHANGED, Finding.ALTERED, "the signature does not fit the content")
    record.ok(CheckId.UNCHANGED, "the signature fits the content")
    if not seal.covers_whole_file():
        record.refuse(CheckId.WHOLE_FILE, Finding.ALTERED, "the signature does not cover the whole file")
    if not file.is_one_revision():
        record.refuse(
            CheckId.WHOLE_FILE, Finding.ALTERED, "the file was changed or extended after it was made"
        )
    record.ok(CheckId.WHOLE_FILE, "the signature covers the whole file, which was written in one go")


def _check_form(record: Record, file: PdfFile, field: SignatureField, seal: PdfSealData) -> bytes:
    if (
        field.name != FIELD
        or not field.stands_alone
        or field.text("/SubFilter") != _OUR_KIND
        or not seal.is_in_our_form()
    ):
        record.refuse(CheckId.FORM, Finding.ALTERED, "the seal is not in the form of a sealed overview")
    level = file.information(LEVEL_KEY) or B_B
    if level != _level(file, seal):
        record.refuse(CheckId.FORM, Finding.ALTERED, "the level is not the one that the document states")
    record.know(level=level)
    if not _forbids_changes(file, field):
        record.refuse(CheckId.FORM, Finding.ALTERED, "the seal does not forbid changes")
    record.ok(CheckId.FORM, "the form is that of a sealed overview, changes are forbidden")
    payload = _check_content(record, file)
    if file.information(CONTROL_CODE_KEY) != control_code(payload):
        reason = "the control code of the document is not that of the attached record"
        record.refuse(CheckId.CONTROL_CODE, Finding.ALTERED, reason)
    record.ok(CheckId.CONTROL_CODE, "the control code of the document is that of the attached record")
    return payload


def _level(file: PdfFile, seal: PdfSealData) -> str:
    """By what is there: else a time-stamp could be taken out, or revocation lists without it pass for more."""
    if file.has_long_term_data():
        return B_LT if seal.token() else ""
    return B_T if seal.token() else B_B


def _check_content(record: Record, file: PdfFile) -> bytes:
    found = (file.only_attachment(name) for name in (ATTACHMENT, SUMMARY_ATTACHMENT))
    attachment = next((content for content in found if content is not None), None)
    if attachment is None:
        record.refuse(CheckId.CONTENT, Finding.ALTERED, "the attached record is not there exactly once")
    try:
        parse_object(attachment)
    except NotStrictJson:
        record.refuse(CheckId.CONTENT, Finding.ALTERED, "the attached record is not readable as JSON")
    record.ok(CheckId.CONTENT, "the attached record is there once and readable")
    return attachment


def _forbids_changes(file: PdfFile, field: SignatureField) -> bool:
    """Whether this signature certifies the document and permits no changes (ISO 32000-2, 12.8.2.2)."""
    if field.reference is None or file.certifying_signature() != field.reference:
        return False
    with reading():
        references = elements(member(field.signature, "/Reference"))
        docmdp = [one for one in references if member(one, "/TransformMethod") == "/DocMDP"]
        levels = [member(member(one, "/TransformParams"), "/P") for one in docmdp]
    return levels == [_NO_CHANGES]
