"""Events of a Financial Claims Information Document -> our events. Nothing is dropped: what we cannot read is kept
as UnrecognisedEvent with everything that it said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from claims.event_keys import event_key
from claims.events import Event, ObligationImposed, UnrecognisedEvent
from claims.fcid.fields import read_member, read_members, unknown_members, wire_names
from claims.fcid.names import VersionNames
from claims.instant import parse_instant
from claims.record.codec import Json, Place, RecordError
from claims.strict_json import canonical_json

CONTEXT = frozenset({"case_reference", "bsn"})  # repeats what the case says


@dataclass(frozen=True, slots=True)
class EventsReader:
    """`owner` is the OIN of who supplied the document ("" when not known): it goes into keys that we must make."""

    names: VersionNames
    owner: str

    def read(self, unverified_event: object, at: Place) -> Event:
        """Never raises: a source's one odd event must not hide a claim."""
        if not isinstance(unverified_event, dict):
            at.note("unreadable_event", "must be an object")
            return self._kept({"": unverified_event})
        event_class = self._class_of(unverified_event)
        if event_class is None:
            at.note("unknown_event")
            return self._kept(unverified_event)
        try:
            return self._known(event_class, unverified_event, at)
        except RecordError as error:
            at.note("unreadable_event", error.problem)
            return self._kept(unverified_event)

    def _class_of(self, obj: Json) -> type[Event] | None:
        word = obj.get(self.names.event["type"].name)
        found = (cls for cls, event_names in self.names.events.items() if event_names.type.name == word)
        return next(found, None)

    def _known(self, event_class: type[Event], obj: Json, at: Place) -> Event:
        event_names = self.names.events[event_class]
        table = {name: wire for name, wire in event_names.fields.items() if name not in CONTEXT}
        extra = unknown_members(obj, wire_names(self.names.event, event_names.fields))
        if extra is not None:
            at.note("unknown_member")
        common = self._common(obj, at)
        values = {**read_members(table, obj, at), **common, "extra": extra}
        event = event_class(**values)  # type: ignore[arg-type]  # each value was read by its own codec
        if isinstance(event, ObligationImposed) and event.amount is not None and event.amount.cents <= 0:
            at.note("amount_not_positive")
        return event

    def _common(self, obj: Json, at: Place) -> dict[str, object]:
        wire = self.names.event
        registered_at = read_member("registered_at", wire["registered_at"], obj, at)
        return {"key": self._key(obj), "registered_at": registered_at}

    def _key(self, obj: Mapping[str, object]) -> str:
        name = self.names.event["key"].name
        key = obj.get(name)
        if isinstance(key, str) and key.strip():
            return key
        return event_key({member: value for member, value in obj.items() if member != name}, self.owner)

    def _kept(self, obj: Json) -> UnrecognisedEvent:
        word = obj.get(self.names.event["type"].name)
        return UnrecognisedEvent(
            key=self._key(obj),
            registered_at=self._moment_if_readable(obj),
            type_name=word if isinstance(word, str) else "",
            content=canonical_json(obj).decode(),
        )

    def _moment_if_readable(self, obj: Json) -> datetime | None:
        value = obj.get(self.names.event["registered_at"].name)
        try:
            return parse_instant(value) if isinstance(value, str) else None
        except ValueError:
            return None
