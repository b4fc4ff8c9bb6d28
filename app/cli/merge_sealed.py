"""What `merge` needs to seal a summary: the settings, the key and the register of the service."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence

from app.bootstrap_audit import command_audit
from app.bootstrap_seals import CannotStart, build_seal
from app.bootstrap_storage import open_storage
from app.cli.account import account_of_command
from app.cli.merge import CannotMerge
from app.cli.settings import load_settings
from app.cli.verify import LIMITS
from app.documents import summary_json
from app.documents.summary_json import Summary
from app.ports.clock import SystemClock
from app.ports.register import RegisterUnavailable
from app.ports.storage import StorageUnavailable
from app.services.issue import NotPrintable, SealingFailed
from app.services.merge import Desk
from app.services.summaries import Summaries
from app.services.verify import Verify
from app.settings import SettingsError
from claims.merged import Merged
from signing.policy import load_trust
from signing.verifying.sandbox import examine

Finish = Callable[[Desk, Merged, Sequence[str]], tuple[Summary, Mapping[str, bytes]]]
_NOT_PRINTABLE = (
    "a text holds a character that the fonts of the PDF lack: --json, --csv and --xlsx leave nothing out"
)


def sealing_tools() -> tuple[Verify, Finish]:
    """Files are verified as on the site, with its register. Raises CannotMerge or SigningError."""
    try:
        settings = load_settings()
        policy, storage = load_trust(settings.trust_folder), open_storage(settings)
        seal = build_seal(settings, policy, storage.material)
        audit = command_audit(settings, storage.database)
    except (SettingsError, CannotStart) as error:
        raise CannotMerge(str(error)) from None
    summaries = Summaries(seal.sealing, storage.register, SystemClock(), audit, account_of_command())
    look = functools.partial(examine, policy=policy, limits=LIMITS)
    own = settings.organisation.organization_identifier
    return Verify(look, storage.register, own, audit), functools.partial(_finish, summaries)


def _finish(
    summaries: Summaries, desk: Desk, merged: Merged, formats: Sequence[str]
) -> tuple[Summary, Mapping[str, bytes]]:
    try:
        payload = summaries.freeze(merged, desk.left_out)
        made = {name: summaries.make(payload, name).content for name in formats}
    except NotPrintable:
        raise CannotMerge(_NOT_PRINTABLE) from None
    except SealingFailed:
        raise CannotMerge("the summary could not be sealed; see the log") from None
    except (RegisterUnavailable, StorageUnavailable):
        raise CannotMerge("the database cannot be reached") from None
    return summary_json.read_payload(payload), made
