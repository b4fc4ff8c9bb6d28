"""An EU trusted list gives authorities for seals only when its operator signed it, and never an organisation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from signing.errors import TrustRefused
from signing.trusted_list import MAX_BYTES, read_trusted_list
from simulators.authority import Authority, SealProfile
from simulators.certificates import Identity
from tests.support.seals import Town
from tests.support.trusted_lists import (
    FOR_SIGNATURES,
    TIME_STAMPS,
    WITHDRAWN,
    ListPlan,
    Service,
    sign_list,
    unsigned_list,
)

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def operator() -> Identity:
    return Authority.create("Toezichthouder").issue_seal("Toezichthouder", "NTRNL-90000077", SealProfile())


@pytest.fixture(scope="module")
def issuer(town: Town) -> x509.Certificate:
    return town.authority.seal_intermediate.certificate


def refusal(data: bytes, signer: x509.Certificate) -> str:
    with pytest.raises(TrustRefused) as refused:
        read_trusted_list(data, [signer], NOW)
    return str(refused.value)


def test_it_gives_the_authorities_for_qualified_seals_and_no_others(
    operator: Identity, issuer: x509.Certificate, town: Town
) -> None:
    other = town.authority.seal_root.certificate
    services = (
        Service(issuer, provider="Zegels & Co"),
        Service(issuer, provider="The same once more"),
        Service(other, type=TIME_STAMPS),
        Service(other, status=WITHDRAWN),
        Service(other, use=FOR_SIGNATURES),
        Service(town.identity.certificate),
    )
    data = sign_list(unsigned_list(ListPlan(services)), operator)
    listed = read_trusted_list(data, [operator.certificate], NOW)
    assert [one.certificate for one in listed.authorities] == [issuer]
    assert (listed.territory, listed.sequence_number, listed.left_out) == ("NL", 42, 1)


def test_one_of_several_pinned_signers_is_enough(operator: Identity, issuer: x509.Certificate) -> None:
    data = sign_list(unsigned_list(ListPlan((Service(issuer),))), operator)
    assert read_trusted_list(data, [issuer, operator.certificate], NOW).authorities


def test_a_list_of_another_signer_is_refused(operator: Identity, issuer: x509.Certificate) -> None:
    impostor = Authority.create("Toezichthouder").issue_seal(
        "Toezichthouder", "NTRNL-90000077", SealProfile()
    )
    data = sign_list(unsigned_list(ListPlan((Service(issuer),))), impostor)
    assert "not signed by" in refusal(data, operator.certificate)


def test_a_list_without_signature_is_refused(operator: Identity, issuer: x509.Certificate) -> None:
    assert "not signed by" in refusal(unsigned_list(ListPlan((Service(issuer),))), operator.certificate)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b">42<", b">43<"),
        (b"Svcstatus/withdrawn", b"Svcstatus/granted"),
        (b"<TrustServiceProviderList>", b"<TrustServiceProviderList><TrustServiceProvider/>"),
    ],
)
def test_a_changed_list_is_refused(
    operator: Identity, issuer: x509.Certificate, old: bytes, new: bytes
) -> None:
    data = sign_list(unsigned_list(ListPlan((Service(issuer, status=WITHDRAWN),))), operator)
    assert old in data
    assert "changed" in refusal(data.replace(old, new), operator.certificate)


def test_a_signed_list_wrapped_in_another_gives_nothing_of_the_other(
    operator: Identity, issuer: x509.Certificate, town: Town
) -> None:
    """Signature wrapping: the signed list is moved into a list of the attacker, with its signature beside it."""
    genuine = sign_list(unsigned_list(ListPlan((Service(issuer),))), operator)
    inner = genuine.split(b"?>", 1)[1]
    hostile = unsigned_list(ListPlan((Service(town.authority.seal_root.certificate),)))
    signature = inner[
        inner.index(b"<ds:Signature ") : inner.index(b"</ds:Signature>") + len(b"</ds:Signature>")
    ]
    for content in (inner, signature, inner + signature):
        wrapped = hostile.replace(b"</TrustServiceStatusList>", content + b"</TrustServiceStatusList>")
        assert "signed" in refusal(wrapped, operator.certificate)


def test_an_old_list_is_refused(operator: Identity, issuer: x509.Certificate) -> None:
    plan = ListPlan((Service(issuer),), next_update_at=NOW - timedelta(days=1))
    assert "out of date" in refusal(sign_list(unsigned_list(plan), operator), operator.certificate)


def test_the_list_of_lists_is_refused(operator: Identity, issuer: x509.Certificate) -> None:
    plan = replace(
        ListPlan((Service(issuer),)), kind="http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUlistofthelists"
    )
    assert "list of lists" in refusal(sign_list(unsigned_list(plan), operator), operator.certificate)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + unsigned_list(ListPlan()),
        b" " * (MAX_BYTES + 1),
        b"<a>" * 100_000,
    ],
    ids=["nothing", "text", "other", "doctype", "large", "deep"],
)
def test_what_is_no_list_is_refused(operator: Identity, data: bytes) -> None:
    assert refusal(data, operator.certificate)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<TSLSequenceNumber>42", b"<TSLSequenceNumber>many"),
        (b"NL</SchemeTerritory>", b"../x</SchemeTerritory>"),
        (b"<X509Certificate>MII", b"<X509Certificate>AAA"),
        (b"<ListIssueDateTime>2026-11-01T09:00:00Z", b"<ListIssueDateTime>2026-11-01T09:00:00"),
    ],
)
def test_a_signed_list_that_is_not_as_the_standard_says_is_refused(
    operator: Identity, issuer: x509.Certificate, old: bytes, new: bytes
) -> None:
    unsigned = unsigned_list(ListPlan((Service(issuer),)))
    assert old in unsigned
    data = sign_list(unsigned.replace(old, new), operator)
    assert "119 612" in refusal(data, operator.certificate)


def test_a_comment_inside_a_value_cuts_nothing_off(operator: Identity, issuer: x509.Certificate) -> None:
    unsigned = unsigned_list(ListPlan((Service(issuer),))).replace(b"NL</Sch", b"N<!-- -->L</Sch")
    assert read_trusted_list(sign_list(unsigned, operator), [operator.certificate], NOW).territory == "NL"
