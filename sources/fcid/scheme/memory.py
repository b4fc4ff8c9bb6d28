"""What is remembered of the lists that were taken: a list never goes back, and nobody in it is forgotten at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sources.fcid.scheme.errors import ListRefused
from sources.fcid.scheme.reader import SchemeList
from sources.ports import HeldScheme, RememberedOrganisation


def taken(
    held: HeldScheme | None, new: SchemeList, token: bytes, now: datetime, keep: timedelta
) -> HeldScheme:
    """What is held after taking this list. Who is not in it any more, or withdrawn, is remembered for `keep`.
    Raises ListRefused for a list that is not valid now, or older than the one we have."""
    if not new.is_valid_at(now):
        raise ListRefused("the list is not valid now")
    if held is not None:
        _refuse_older(held, new)
    return HeldScheme(
        token=token,
        version=new.version,
        fingerprint=new.fingerprint,
        issued_at=new.issued_at,
        taken_at=now,
        organisations=(*_present(new), *_left(held, new, now, keep)),
    )


def _refuse_older(held: HeldScheme, new: SchemeList) -> None:
    if new.version < held.version:
        raise ListRefused("the version of the list is lower than that of the list we have")
    if new.issued_at < held.issued_at:
        raise ListRefused("the list was issued before the list we have")
    if new.version == held.version and new.fingerprint != held.fingerprint:
        raise ListRefused("the list differs from the list we have but has the same version")


def _present(new: SchemeList) -> tuple[RememberedOrganisation, ...]:
    return tuple(RememberedOrganisation(one.oin, one.name) for one in new.organisations if one.can_be_asked)


def _left(
    held: HeldScheme | None, new: SchemeList, now: datetime, keep: timedelta
) -> tuple[RememberedOrganisation, ...]:
    """Known from an earlier list, or called withdrawn by this one."""
    known = {one.oin: one for one in (held.organisations if held else ())}
    withdrawn = {one.oin: one.name for one in new.organisations if one.withdrawn and one.supplies_claims}
    present = {one.oin for one in new.organisations if one.can_be_asked}
    left = []
    for oin in (known.keys() | withdrawn.keys()) - present:
        earlier = known.get(oin)
        left_at = (earlier.left_at if earlier else None) or now
        if oin in withdrawn or now - left_at < keep:
            name = earlier.name if earlier else withdrawn[oin]
            left.append(RememberedOrganisation(oin, name, left_at))
    return tuple(sorted(left, key=lambda one: one.oin))
