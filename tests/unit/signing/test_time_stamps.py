"""Asking for time-stamps: only a sound one is used, and nobody waits for an authority that is down."""

import hashlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from signing.errors import NoTimeStamp
from signing.sealing.pdf import PdfSeal
from signing.sealing.timestamps import TimeStampAuthority, TimeStampClient
from signing.time_stamp import NotATimeStamp, read_time_stamp
from simulators.time_stamps import Mood, StampProfile
from simulators.trust_services import TrustServices
from tests.support.seals import Town, days_ago
from tests.support.stamped import StampedTown, new_client, stamped_town
from tests.support.waiting import wait_until

DIGEST = hashlib.sha256(b"a signature").digest()


@pytest.fixture(scope="module")
def place() -> Iterator[StampedTown]:
    with stamped_town() as made:
        yield made


@pytest.fixture(autouse=True)
def _sound_again(place: StampedTown) -> Iterator[None]:
    yield
    place.services.mood = Mood.SOUND


def test_a_token_is_over_our_digest_and_of_now(place: StampedTown) -> None:
    stamp = read_time_stamp(place.client.token(DIGEST))
    assert stamp.digest == DIGEST
    assert abs((stamp.at - days_ago(0)).total_seconds()) < 60
    assert stamp.is_in_our_spelling


def test_the_root_is_left_out_of_a_token(place: StampedTown) -> None:
    stamp = read_time_stamp(place.client.token(DIGEST))
    assert place.services.tsa.root_der() not in stamp.others
    assert len(stamp.others) == 1


def test_the_connection_is_kept(place: StampedTown) -> None:
    client = new_client(place.services)
    client._threads._max_workers = 1
    before = place.services.connections
    for _ in range(5):
        client.token(DIGEST)
    assert place.services.connections == before + 1


def test_a_connection_that_was_closed_meanwhile_is_opened_again(place: StampedTown) -> None:
    client = new_client(place.services)
    client._threads._max_workers = 1
    client.token(DIGEST)
    client._threads.submit(lambda: client._kept.connection.sock.shutdown(2)).result()
    assert read_time_stamp(client.token(DIGEST)).digest == DIGEST


def test_many_threads_get_each_their_own_answer(place: StampedTown) -> None:
    digests = [hashlib.sha256(bytes([number])).digest() for number in range(40)]
    with ThreadPoolExecutor(8) as threads:
        tokens = list(threads.map(place.client.token, digests))
    assert [read_time_stamp(token).digest for token in tokens] == digests


@pytest.mark.parametrize(
    "mood",
    [
        *(Mood.DOWN, Mood.REFUSING, Mood.GARBLED, Mood.WRONG_NONCE, Mood.WRONG_DIGEST, Mood.WRONG_SIGNATURE),
        *(Mood.WRONG_CLOCK, Mood.STRANGER, Mood.EXPIRED, Mood.NOT_FOR_TIME_STAMPS),
    ],
)
def test_nothing_but_a_sound_time_stamp_is_used(place: StampedTown, mood: Mood) -> None:
    place.services.mood = mood
    with pytest.raises(NoTimeStamp):
        new_client(place.services).token(DIGEST)


def test_a_new_certificate_of_the_same_authority_is_fine(place: StampedTown) -> None:
    place.services.mood = Mood.OTHER_CERTIFICATE
    assert read_time_stamp(place.client.token(DIGEST)).digest == DIGEST


@pytest.mark.parametrize("mood", [Mood.SLOW, Mood.DRIPPING])
def test_nobody_waits_longer_than_the_limit(place: StampedTown, mood: Mood) -> None:
    place.services.mood = mood
    client = new_client(place.services, limit=0.5)
    started = time.monotonic()
    with pytest.raises(NoTimeStamp, match="in time"):
        client.token(DIGEST)
    assert time.monotonic() - started >= 0.5


def test_after_a_failure_it_is_left_alone_for_a_while(place: StampedTown) -> None:
    client = new_client(place.services, pause=3600.0)
    place.services.mood = Mood.REFUSING
    with pytest.raises(NoTimeStamp):
        client.token(DIGEST)
    place.services.mood = Mood.SOUND
    asked = place.services.questions
    assert client.is_paused
    with pytest.raises(NoTimeStamp, match="a moment ago"):
        client.token(DIGEST)
    assert place.services.questions == asked


def test_after_the_pause_it_is_asked_again(place: StampedTown) -> None:
    client = new_client(place.services, pause=0.01)
    place.services.mood = Mood.REFUSING
    with pytest.raises(NoTimeStamp):
        client.token(DIGEST)
    place.services.mood = Mood.SOUND
    wait_until(lambda: not client.is_paused)
    assert read_time_stamp(client.token(DIGEST)).digest == DIGEST
    assert read_time_stamp(client.token(DIGEST)).digest == DIGEST


def test_nobody_listens(place: StampedTown) -> None:
    with TrustServices(place.town.authority, place.town.tsa) as gone:
        url = gone.tsa_url
    client = TimeStampClient(TimeStampAuthority(url, (place.town.tsa.root_der(),)))
    with pytest.raises(NoTimeStamp, match="could not be asked"):
        client.token(DIGEST)


def test_an_rsa_authority_is_fine_too(place: StampedTown) -> None:
    rsa = place.town.tsa.with_profile(StampProfile(key_kind="rsa3072"))
    stamp = read_time_stamp(rsa.token(DIGEST))
    respelled = read_time_stamp(stamp.spelled((stamp.leaf, *stamp.others)))
    assert respelled.is_in_our_spelling
    assert not stamp.is_in_our_spelling


@pytest.mark.parametrize("junk", [b"", b"\x30\x00", b"niets", bytes(500)])
def test_junk_is_no_time_stamp(junk: bytes) -> None:
    with pytest.raises(NotATimeStamp):
        read_time_stamp(junk)


def test_a_seal_is_no_time_stamp(town: Town) -> None:
    with pytest.raises(NotATimeStamp):
        read_time_stamp(PdfSeal(town.key).cms(DIGEST))
