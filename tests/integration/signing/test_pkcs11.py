"""A sealing key in a real token of SoftHSM2: the contract of backends, several processes, and a token that goes away."""

from __future__ import annotations

import functools
import multiprocessing
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from pkcs11 import Attribute

from signing.errors import KeyRefused, SigningError
from signing.key_kinds import KeyKind as KeyKinds
from signing.keys.backend import KeyBackend, Scheme, fits_certificate, signature_for_cms
from signing.keys.pkcs11 import Pkcs11Key, TokenKey, find_private_key, load_pkcs11_key
from signing.keys.token_module import module_at
from signing.report import Finding
from signing.sealing.pdf import PdfSeal
from simulators.certificates import KeyKind, new_key
from tests.support.backend_contract import DATA, BackendContract
from tests.support.key_folders import Ceremony
from tests.support.pdf_builder import PdfPlan, build_pdf
from tests.support.seals import Town
from tests.support.softhsm import SoftHsm
from tests.support.waiting import PATIENCE_S

KINDS: tuple[KeyKind, ...] = get_args(KeyKind)
town_of = functools.cache(Town.create)


@pytest.fixture(scope="module")
def hsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftHsm]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SOFTHSM2_CONF", "")  # put back afterwards
        yield SoftHsm.create(tmp_path_factory.mktemp("token"))


@pytest.fixture(scope="module")
def put(hsm: SoftHsm) -> functools._lru_cache_wrapper[TokenKey]:
    return functools.cache(lambda kind: hsm.put(town_of(kind).identity.private_key, kind))


def load(key: TokenKey, town: Town, folder: Path) -> Pkcs11Key:
    files = town.identity.write(folder, "zegel")
    return load_pkcs11_key(key, files.certificate_file, files.chain_file)


@pytest.fixture
def p256(put: functools._lru_cache_wrapper[TokenKey], tmp_path: Path) -> Pkcs11Key:
    return load(put("p256"), town_of("p256"), tmp_path)


class TestPkcs11Key(BackendContract):
    @pytest.fixture(params=KINDS)
    def kind(self, request: pytest.FixtureRequest) -> KeyKind:
        kind: KeyKind = request.param
        return kind

    @pytest.fixture
    def town(self, kind: KeyKind) -> Town:
        return town_of(kind)

    @pytest.fixture
    def key(self, kind: KeyKind, put: functools._lru_cache_wrapper[TokenKey], tmp_path: Path) -> KeyBackend:
        return load(put(kind), town_of(kind), tmp_path)


def test_a_key_is_found_by_label_or_id(put: functools._lru_cache_wrapper[TokenKey], tmp_path: Path) -> None:
    for named in (replace(put("p256"), label=None), replace(put("p256"), id=None)):
        key = load(named, town_of("p256"), tmp_path)
        assert fits_certificate(key.certificate, DATA, signature_for_cms(key, DATA))


def test_a_token_that_comes_back_is_used_again(hsm: SoftHsm, p256: Pkcs11Key) -> None:
    hsm.take_away()
    try:
        for _ in range(2):
            with pytest.raises(SigningError, match="cannot be used now"):
                signature_for_cms(p256, DATA)
    finally:
        hsm.bring_back()
    assert fits_certificate(p256.certificate, DATA, signature_for_cms(p256, DATA))


def test_a_session_that_was_lost_costs_one_more_try_and_no_document(hsm: SoftHsm, p256: Pkcs11Key) -> None:
    signature_for_cms(p256, DATA)
    module_at(hsm.place.library).session(hsm.place).close()
    assert fits_certificate(p256.certificate, DATA, signature_for_cms(p256, DATA))


def _sign_many(key: Pkcs11Key, done: multiprocessing.Queue[bool]) -> None:
    fits = (fits_certificate(key.certificate, DATA, signature_for_cms(key, DATA)) for _ in range(20))
    done.put(all(fits))


def test_processes_that_were_forked_sign_at_once(p256: Pkcs11Key) -> None:
    """Also when a thread of the parent was signing at that moment: its lock is not in the child."""
    signature_for_cms(p256, DATA)
    fork = multiprocessing.get_context("fork")
    done: multiprocessing.Queue[bool] = fork.Queue()
    with p256._module.turn():
        children = [fork.Process(target=_sign_many, args=(p256, done)) for _ in range(2)]
        for child in children:
            child.start()
    _sign_many(p256, done)
    assert [done.get(timeout=PATIENCE_S) for _ in range(3)] == [True] * 3
    for child in children:
        child.join(timeout=PATIENCE_S)
        assert child.exitcode == 0


def test_a_key_that_took_the_place_of_another_never_seals(hsm: SoftHsm, tmp_path: Path) -> None:
    other = hsm.put(new_key(), "een-andere")
    with pytest.raises(KeyRefused, match="does not belong to the certificate"):
        load(other, town_of("p256"), tmp_path)
    unchecked = Pkcs11Key(other, town_of("p256").identity.certificate)
    with pytest.raises(SigningError, match="does not belong"):
        unchecked.sign(DATA, Scheme.ECDSA_SHA256)


def test_a_key_or_token_that_is_not_there_is_named(
    put: functools._lru_cache_wrapper[TokenKey], tmp_path: Path
) -> None:
    missing = TokenKey(put("p256").place, "nergens")
    with pytest.raises(KeyRefused, match=r"nergens.*NoSuchKey"):
        load(missing, town_of("p256"), tmp_path)
    elsewhere = replace(missing, place=replace(missing.place, token_label="andere kluis"))
    with pytest.raises(KeyRefused, match=r"andere kluis.*NoSuchToken"):
        load(elsewhere, town_of("p256"), tmp_path)
    nowhere = replace(missing, place=replace(missing.place, library=tmp_path / "nergens.so"))
    with pytest.raises(KeyRefused, match="no such PKCS#11 library"):
        load(nowhere, town_of("p256"), tmp_path)


def test_a_wrong_pin_is_tried_once_only(put: functools._lru_cache_wrapper[TokenKey], tmp_path: Path) -> None:
    pin_file = tmp_path / "pin"
    pin_file.touch(mode=0o600)
    pin_file.write_text("000000\n")
    key = replace(put("p256"), place=replace(put("p256").place, pin_file=pin_file))
    module = module_at(key.place.library)
    with module.turn():
        module.restart()
    with pytest.raises(KeyRefused, match="refuses this PIN"):
        load(key, town_of("p256"), tmp_path)
    with pytest.raises(KeyRefused, match="not tried again") as refused:
        load(key, town_of("p256"), tmp_path)
    assert "000000" not in str(refused.value)
    pin_file.chmod(0o644)
    with pytest.raises(KeyRefused, match="chmod 600"):
        load(key, town_of("p256"), tmp_path)


def test_a_module_that_does_not_answer_keeps_nobody_for_long(
    p256: Pkcs11Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signing.keys.token_module._WAIT_FOR_TURN_S", 0.05)
    raised: list[str] = []

    def sign() -> None:
        try:
            signature_for_cms(p256, DATA)
        except SigningError as error:
            raised.append(str(error))

    with p256._module.turn():
        thread = threading.Thread(target=sign)
        thread.start()
        thread.join(timeout=PATIENCE_S)
    assert "busy or does not answer" in raised[0]


@pytest.mark.parametrize("kind", [KeyKinds.P256, KeyKinds.P384, KeyKinds.RSA3072])
def test_the_ceremony_makes_a_key_that_never_leaves_the_token(
    hsm: SoftHsm, tmp_path: Path, kind: KeyKinds
) -> None:
    town, name = town_of("p256"), f"ceremonie-{kind.value.lower()}"
    ceremony = Ceremony.at(tmp_path / "zegel", town.authority, hsm.place)
    ceremony.make(name, kind, in_token=True)
    ceremony.keys.activate(name)
    assert not list(ceremony.keys.folder.rglob("key.pem"))
    key = ceremony.keys.load()
    assert key.kind is kind
    assert town.examine(build_pdf(PdfPlan(), PdfSeal(key).cms)).finding is Finding.GENUINE
    module = module_at(hsm.place.library)
    with module.turn():
        handle = find_private_key(module, TokenKey(hsm.place, name))
        assert (handle[Attribute.SENSITIVE], handle[Attribute.EXTRACTABLE]) == (True, False)
    again = Ceremony.at(tmp_path / "elders", town.authority, hsm.place)
    with pytest.raises(KeyRefused, match="never overwritten"):
        again.keys.create(name, kind, in_token=True)
    assert again.keys.names() == ()
    assert fits_certificate(key.certificate, DATA, signature_for_cms(key, DATA))
