"""A revoked signer over real TLS: no answer, whatever it says; and `sources check` tells it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from claims.outcome import FailureCause
from simulators.authority import Authority, create_authority
from simulators.organisations import Simulation, start
from sources.config import SourceConfig
from tests.integration.sources.support import PATIENT, Town, answer_of, ask, cause_of
from tests.support.checks import check, write_test_bsn

DATA = Path(__file__).parents[3] / "simulators" / "organisations" / "dkd_data"
SIGNED, DEBTOR = "zonnedael-sociaal", "111111110"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return create_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def simulation(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    with start(authority, tmp_path_factory.mktemp("revoked"), data=DATA) as running:
        yield running


def with_list(town: Town, authority: Authority, **more: object) -> SourceConfig:
    file = town.folder / "lists.crl"
    file.write_bytes(authority.tls_root.crl().public_bytes(Encoding.PEM))
    config = town.config(SIGNED, PATIENT)
    assert config.dkd is not None
    dkd = config.dkd.model_copy(update={"crl_file": file, **more})
    return config.model_copy(update={"dkd": dkd, "test_bsn_file": write_test_bsn(town.folder)})


def test_a_list_that_is_missing_is_our_mistake_unless_the_settings_accept_it(
    town: Town, authority: Authority
) -> None:
    absent = town.folder / "absent.crl"
    assert cause_of(ask(with_list(town, authority, crl_file=absent), DEBTOR)) is FailureCause.MISCONFIGURED
    accepting = with_list(town, authority, crl_file=absent, crl_in_doubt="accept")
    assert answer_of(ask(accepting, DEBTOR)).claims


def test_from_the_moment_that_its_signer_is_revoked_a_source_gives_no_answer(
    town: Town, authority: Authority
) -> None:
    config = with_list(town, authority)
    assert answer_of(ask(config, DEBTOR)).claims
    assert check(config).all_hold
    files = town.simulation.credentials.ca_file.parent
    signer = x509.load_pem_x509_certificate((files / f"{SIGNED}-signer.pem").read_bytes())
    authority.tls_root.revoke(signer, signer.not_valid_before_utc, x509.ReasonFlags.key_compromise)
    assert answer_of(ask(config, DEBTOR)).claims  # the list on disk is still the old one
    revoked = with_list(town, authority)
    assert cause_of(ask(revoked, DEBTOR)) is FailureCause.MALFORMED
    failed = check(revoked).failed
    assert failed.name == "handtekening"
    assert "the certificate of the signer is revoked" in failed.found.text
