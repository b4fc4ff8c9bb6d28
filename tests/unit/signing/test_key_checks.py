"""A key is refused before it seals exactly when its documents would be refused afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from signing.errors import KeyRefused
from signing.keys.backend import KeyBackend
from signing.keys.checks import Expected, KeyCheck, KeyCheckId, Result, check_key, refuse_unsound
from signing.policy import TrustedOrganisation, TrustPolicy
from signing.report import Finding
from signing.sealing.jws import JsonSeal
from simulators.authority import DEMO_IDENTIFIER, DEMO_OIN
from simulators.certificates import Identity, new_key, subject_name
from tests.support.pdf_builder import PAYLOAD
from tests.support.seals import NAME, Town, days_ago, key_of, now
from tests.unit.signing.test_seal_certificates import issue

EXPECTED = Expected(DEMO_IDENTIFIER, DEMO_OIN)


def checks(town: Town, key: KeyBackend, expected: Expected = EXPECTED) -> dict[KeyCheckId, KeyCheck]:
    return {check.id: check for check in check_key(key, expected, town.policy, datetime.now(UTC))}


def failed(found: dict[KeyCheckId, KeyCheck]) -> list[KeyCheckId]:
    return [id_ for id_, check in found.items() if check.result is Result.FAILED]


def test_a_good_key_passes_every_check(any_town: Town) -> None:
    found = checks(any_town, any_town.key)
    assert {check.result for check in found.values()} == {Result.OK}
    assert list(found) == list(KeyCheckId)
    refuse_unsound(tuple(found.values()))


@pytest.mark.parametrize(
    ("expected", "check"),
    [
        (Expected("NTRNL-11111111", DEMO_OIN), KeyCheckId.IDENTIFIER),
        (Expected(DEMO_IDENTIFIER, "00000001111111110000"), KeyCheckId.OIN),
    ],
)
def test_a_certificate_of_another_organisation_is_refused(
    town: Town, expected: Expected, check: KeyCheckId
) -> None:
    found = checks(town, town.key, expected)
    assert failed(found) == [check]
    with pytest.raises(KeyRefused, match=check.value):
        refuse_unsound(tuple(found.values()))


def test_a_certificate_without_oin_is_a_warning_only(town: Town) -> None:
    found = checks(town, key_of(issue(town)))
    assert found[KeyCheckId.OIN].result is Result.WARNING
    assert failed(found) == []


def person(town: Town) -> Identity:
    name = [*subject_name(NAME, NAME, DEMO_IDENTIFIER), x509.NameAttribute(NameOID.SURNAME, "de Bruijn")]
    return issue(town, subject=x509.Name(name))


def server(town: Town) -> Identity:
    return issue(town, purposes=(ExtendedKeyUsageOID.SERVER_AUTH.dotted_string,))


def stranger(town: Town) -> Identity:
    return Town.create().identity


def other_kind(town: Town) -> Identity:
    return town.authority.issue_client(NAME)


@pytest.mark.parametrize("make", [person, server, stranger, other_kind], ids=lambda make: str(make.__name__))
def test_what_verification_refuses_is_refused_before_it_seals(town: Town, make: object) -> None:
    assert callable(make)
    key = key_of(make(town))
    found = checks(town, key)
    assert town.examine(JsonSeal(key).seal(PAYLOAD, now())).finding is not Finding.GENUINE
    assert {KeyCheckId.CHAIN, KeyCheckId.PURPOSE} & set(failed(found))


def test_a_revoked_certificate_is_refused() -> None:
    town = Town.create()
    assert failed(checks(town, town.key)) == []
    town.authority.revoke(town.identity, days_ago(1))
    assert KeyCheckId.REVOCATION in failed(checks(town, town.key))


def test_without_a_current_revocation_list_there_is_a_warning(town: Town) -> None:
    bare = TrustedOrganisation(NAME, DEMO_IDENTIFIER, (town.authority.seal_root_der(),))
    found = check_key(town.key, EXPECTED, TrustPolicy(frozenset({bare})), datetime.now(UTC))
    [check] = [check for check in found if check.result is not Result.OK]
    assert (check.id, check.result) == (KeyCheckId.REVOCATION, Result.WARNING)


@pytest.mark.parametrize(("days", "result"), [(61, Result.OK), (59, Result.WARNING), (1, Result.WARNING)])
def test_sixty_days_before_its_end_a_certificate_is_something_to_act_upon(
    town: Town, days: int, result: Result
) -> None:
    key = town.with_seal(not_after=now() + timedelta(days=days, minutes=5)).key
    check = checks(town, key)[KeyCheckId.EXPIRY]
    assert check.result is result
    assert check.detail.endswith(f", nog {days}")


@pytest.mark.parametrize(("begins", "ends"), [(9, 1), (-1, -9)], ids=["expired", "not yet valid"])
def test_outside_its_validity_a_certificate_is_refused_for_that_alone(
    town: Town, begins: float, ends: float
) -> None:
    """The other lines still tell what they know: who orders a new one wants all of it."""
    found = checks(town, town.with_seal(not_before=days_ago(begins), not_after=days_ago(ends)).key)
    assert failed(found) == [KeyCheckId.EXPIRY]
    with pytest.raises(KeyRefused, match="expiry"):
        refuse_unsound(tuple(found.values()))


def test_a_key_of_another_certificate_is_refused(town: Town) -> None:
    mixed = Identity(town.identity.certificate, new_key(), town.identity.chain)
    assert KeyCheckId.SIGNATURE in failed(checks(town, key_of(mixed)))
