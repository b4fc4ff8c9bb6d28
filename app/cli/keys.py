"""`keys create`, `request`, `import`, `check`, `rotate`: the ceremony of docs/keys.md. No key is ever overwritten."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from app.cli.account import account_of_command
from app.cli.keys_words import LOADED, NOT_LOADED, line
from app.cli.operate import FAILED, one_line
from app.cli.settings import load_settings
from app.cli.written_down import written_down
from app.own_seal import expected
from app.services import audit_facts
from app.services.audit import Fact
from app.settings import Settings, SettingsError
from signing.errors import SigningError
from signing.key_kinds import KeyKind
from signing.keys.backend import KeyBackend, key_id, short_key_id
from signing.keys.certificates import CertificateChain, check_certificate, read_chain
from signing.keys.checks import KeyCheck, Result, check_key, refuse_unsound
from signing.keys.folder import KeyFolder
from signing.keys.request import Applicant, certificate_request
from signing.policy import folder_of, load_trust


@one_line
def create(name: str, kind: str, *, in_token: bool) -> int:
    """A new key that does nothing yet."""
    settings = load_settings()
    folder = _folder(settings)
    with written_down(settings, _fact(name, "create")):
        place = folder.create(name, KeyKind(kind), in_token=in_token)
    where = "in de kluis" if in_token else f"in {place / 'key.pem'}"
    print(f"Sleutel {name} ({kind}) is gemaakt, {where}. Nu: blauwe-knop keys request {name}")
    return 0


@one_line
def request(name: str, common_name: str | None) -> int:
    """Write the request beside the key; it may be made again, it is not secret."""
    settings = load_settings()
    folder, organisation = _folder(settings), settings.organisation
    applicant = Applicant(
        organisation.name,
        organisation.organization_identifier,
        organisation.oin,
        common_name or organisation.name,
    )
    asked = certificate_request(folder.signer(name), applicant)
    file = folder.folder / name / "request.pem"
    with written_down(settings, _fact(name, "request")):
        file.write_bytes(asked)
    print(f"De aanvraag staat in {file}, voor: {applicant.subject().rfc4514_string()}")
    return 0


@one_line
def import_certificate(name: str, certificate_file: Path, chain_file: Path | None) -> int:
    """Keep the certificate of a key, when everything about it is right; otherwise change nothing."""
    settings = load_settings()
    folder, chain = _folder(settings), read_chain(certificate_file, chain_file)
    check_certificate(chain.certificate, certificate_file)
    checks = _checks(settings, folder.with_certificate(name, chain))
    _show(checks)
    refuse_unsound(checks)
    with written_down(settings, _fact(name, "import")):
        kept = folder.keep_certificate(name, chain)
    print(f"Bewaard: {kept}. Nu: blauwe-knop keys rotate {name}")
    return 0


@one_line
def check(name: str | None, *, as_json: bool) -> int:
    """One line per check of the key that seals now, or of another one."""
    settings = load_settings()
    try:
        key = (
            settings.seal.load(at_any_time=True)
            if name is None
            else _folder(settings).load(name, at_any_time=True)
        )
        checks = _checks(settings, key)
    except SigningError as error:
        return _not_loaded(str(error), as_json=as_json)
    sound = all(one.result is not Result.FAILED for one in checks)
    if as_json:
        print(json.dumps(_members(key, checks, sound=sound), ensure_ascii=False))
    else:
        print(f"{LOADED} ({key.kind.value}, {short_key_id(key_id(key.certificate))})")
        _show(checks)
    return 0 if sound else FAILED


@one_line
def rotate(name: str) -> int:
    """Make another key active: in one step, after every check, with the old certificate kept."""
    settings = load_settings()
    folder = _folder(settings)
    checks = _checks(settings, folder.load(name))
    _show(checks)
    refuse_unsound(checks)
    old = folder.active()
    with written_down(settings, _fact(name, "rotate")):
        for each in {name, old or name}:
            _keep_known(settings, folder.certificate(each))
        folder.activate(name)
    print(f"{name} verzegelt vanaf nu" + (f" in plaats van {old}." if old and old != name else "."))
    return 0


def _fact(name: str, command: str) -> Fact:
    return audit_facts.key_changed(account_of_command(), name, command)


def _folder(settings: Settings) -> KeyFolder:
    folder = settings.seal.folder
    if folder is None:
        raise SettingsError("this command needs [seal] key_folder in the settings: see docs/keys.md")
    return folder


def _checks(settings: Settings, key: KeyBackend) -> tuple[KeyCheck, ...]:
    policy = load_trust(settings.trust_folder)
    return check_key(key, expected(settings.issuer), policy, datetime.now(UTC))


def _show(checks: tuple[KeyCheck, ...]) -> None:
    for one in checks:
        print(line(one))


def _not_loaded(reason: str, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"sound": False, "key_id": None, "checks": [], "reason": reason}))
    else:
        print(NOT_LOADED)
        sys.stderr.write(f"blauwe-knop: {reason}\n")
    return FAILED


def _members(key: KeyBackend, checks: tuple[KeyCheck, ...], *, sound: bool) -> dict[str, object]:
    return {
        "sound": sound,
        "kind": key.kind.value,
        "key_id": key_id(key.certificate),
        "expires_at": key.certificate.not_valid_after_utc.isoformat(),
        "checks": [
            {"check": one.id.value, "result": one.result.value, "reason": one.reason, "detail": one.detail}
            for one in checks
        ],
    }


def _keep_known(settings: Settings, chain: CertificateChain) -> None:
    """In the trust folder, for who asks later with which certificate a document was sealed."""
    entry = folder_of(settings.trust_folder, settings.organisation.organization_identifier)
    file = entry / "zegels" / f"{key_id(chain.certificate)}.pem"
    if file.exists():
        return
    try:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(
            b"".join(one.public_bytes(Encoding.PEM) for one in (chain.certificate, *chain.chain))
        )
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}; no other key was made active") from error
