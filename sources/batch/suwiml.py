"""A file with many people in SuwiML: each record is read as the answer of the web service would be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from claims.identity import Bsn
from claims.organisation import Organisation
from sources.answers import require_person
from sources.batch import suwiml_names as names
from sources.batch.reading import Item, Read, Unread
from sources.batch.record import NOT_A_BSN, BadRecord, Closing, Record
from sources.batch.unpacking import DeliveryFile
from sources.batch_settings import BatchSettings, SuwimlSettings
from sources.errors import SourceError, TooLarge, WrongPerson
from sources.ports import DeliveryRefused
from sources.suwi.answer import RESPONSE, read_response
from sources.suwi.persons import require_one_person
from sources.transport.xml import Node
from sources.transport.xml_stream import StreamRules, XmlStream

_DUTCH_TIME = ZoneInfo("Europe/Amsterdam")
_WANTED = frozenset({names.RESPONSE, names.PERSON, names.MESSAGES, names.CLAIM})


class SuwimlReader:
    ends_well = True  # without its last tag it is no XML

    def __init__(self, source_id: str, creditor: Organisation, settings: BatchSettings) -> None:
        self._settings = settings
        self._suwiml = settings.suwiml or SuwimlSettings()
        self._rules = self._suwiml.reading_rules(source_id, creditor)

    def items(self, file: DeliveryFile) -> Iterator[Item]:
        """Raises DeliveryRefused."""
        stream = XmlStream(file.read, StreamRules(_WANTED, file.limits.record, self._settings.encoding))
        count, as_of = 0, None
        try:
            for element in stream:
                as_of = as_of or self._as_of(stream.root_attributes)
                count += 1
                yield self._item(element, count, as_of)
        except TooLarge as error:
            raise DeliveryRefused(f"{error} (max_record_bytes)") from None
        except SourceError as error:
            raise DeliveryRefused(str(error)) from None
        yield from self._closing(stream.root_attributes, count, as_of)

    def _as_of(self, root: Mapping[str, str]) -> datetime:
        """From the root, else from the covering letter. Raises DeliveryRefused; also for another municipality."""
        expected = self._suwiml.municipality_code
        if expected is not None and root.get(names.ROOT_MUNICIPALITY) != expected:
            raise DeliveryRefused(
                f"the file does not say that it is of municipality {expected}: the right file?"
            )
        stated = root.get(names.ROOT_AS_OF)
        if stated is not None:
            return _start_of(stated)
        if self._settings.as_of is None:
            raise DeliveryRefused(
                f"the file has no {names.ROOT_AS_OF}: put records and as_of from the covering letter in the settings"
            )
        return self._settings.as_of

    def _item(self, element: Node, count: int, as_of: datetime) -> Item:
        if element.name == names.MESSAGES:
            raise DeliveryRefused(
                "the file holds a message (FWI) about all its people: ask what is missing in it"
            )
        if element.name == names.CLAIM:
            raise DeliveryRefused(f"after {count - 1} people a claim stands outside of any {names.PERSON}")
        try:
            return self._person(element, as_of)
        except BadRecord as error:
            return Unread(f"record {count}", error)

    def _person(self, element: Node, as_of: datetime) -> Read:
        response = element if element.name == names.RESPONSE else Node(RESPONSE, "", "", (element,))
        bsn = _bsn(response)
        try:
            for one in _clients_below(response):
                require_person(one.text_of("Burgerservicenr"), bsn)
            read = read_response(response, bsn, self._rules, as_of.astimezone(_DUTCH_TIME).date())
        except WrongPerson:
            raise BadRecord("about more than one person") from None
        except SourceError as error:
            raise BadRecord(str(error), bsn if _is_about_one(response, bsn) else None) from None
        day = read.client.delivered_on
        delivered_at = None if day is None else datetime.combine(day, time(), _DUTCH_TIME)
        record = Record(
            read.client.claims, read.partial, read.client.stated_name, delivered_at, read.findings
        )
        return Read(bsn, record)

    def _closing(self, root: Mapping[str, str], count: int, as_of: datetime | None) -> Iterator[Closing]:
        """What the root says; a count that stands alone must be right too."""
        if count == 0:
            raise DeliveryRefused(f"the file has no {names.RESPONSE} and no {names.PERSON}: is it SuwiML?")
        stated = root.get(names.ROOT_COUNT)
        if stated is None or as_of is None:
            return
        if not (stated.isascii() and stated.isdigit() and len(stated) < 12):
            raise DeliveryRefused(f"{names.ROOT_COUNT} at the start of the file is no number")
        if names.ROOT_AS_OF in root or int(stated) != count:
            yield Closing(int(stated), as_of)


def _clients_below(element: Node) -> Iterator[Node]:
    """Every person, also one below a partner: a claim that stands there is theirs, so they cannot be told "no claims"."""
    for child in element.children:
        if child.name == names.PERSON:
            yield child
        yield from _clients_below(child)


def _is_about_one(response: Node, bsn: Bsn) -> bool:
    """A bad record that names somebody else too may hold a claim of theirs: then nobody's answer is whole."""
    try:
        require_one_person(response, bsn)
    except WrongPerson:
        return False
    return True


def _bsn(response: Node) -> Bsn:
    stated = next((person.text_of("Burgerservicenr") for person in response.all(names.PERSON)), None)
    try:
        return Bsn(stated or "")
    except ValueError:
        raise BadRecord(NOT_A_BSN) from None


def _start_of(day: str) -> datetime:
    """The first moment of a Dutch day: what came later that day may not be in the file."""
    try:
        return datetime.combine(date.fromisoformat(day), time(), _DUTCH_TIME)
    except ValueError:
        raise DeliveryRefused(f"{names.ROOT_AS_OF} at the start of the file is no date") from None
