"""A municipality whose signatures are made and checked by xmlsec1: the other party need not be built like us."""

import base64
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from claims.instant import format_instant
from claims.outcome import FailureCause, SourceOutcome
from simulators.authority import DEMO_OIN, Authority
from simulators.certificates import IdentityFiles
from simulators.organisations.server import Exchange, TlsServer
from sources.config import load_sources
from sources.transport.xml import parse_xml
from tests.integration.sources.support import answer_of, ask, cause_of
from tests.support import xmlsec1
from tests.support.dkd import message

pytestmark = pytest.mark.conformance

OIN = "00000001900000021000"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
WSU_ID = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}Id"
ANSWER = (Path(__file__).parents[2] / "support" / "dkd_messages" / "signed_answer.xml").read_text(
    encoding="utf-8"
)
STANZA = """\
[sociaal]
protocol = "dkd"
organisation = "Gemeente Voorbeeld"
url = "https://127.0.0.1:{port}/Bijstandsregelingen-v0500"
ca_file = "root.pem"
client_certificate_file = "client.pem"
client_key_file = "client.key.pem"
total_seconds = 30
[sociaal.dkd]
from_address = "https://schuldenoverzicht.afnemer.invalid/dkd"
from_oin = "{ours}"
to_oin = "{theirs}"
signing_certificate_file = "signer.pem"
signing_key_file = "signer.key.pem"
answer_ca_file = "root.pem"
answer_oin = "{theirs}"
"""


@dataclass
class Municipality:
    """Keeps the last question, and answers it signed by xmlsec1; `replace` changes the answer after signing."""

    folder: Path
    signer: IdentityFiles
    question: bytes = b""
    replace: tuple[bytes, bytes] = (b"", b"")

    def respond(self, exchange: Exchange) -> None:
        self.question = exchange.rfile.read(int(exchange.headers["Content-Length"]))
        answer = xmlsec1.sign(self._template().encode(), self.signer.key_file)
        assert self.replace[0] in answer
        exchange.send(200, answer.replace(*self.replace, 1), "text/xml;charset=UTF-8")

    def _template(self) -> str:
        asked = parse_xml(self.question)
        certificate = x509.load_pem_x509_certificate(self.signer.certificate_file.read_bytes())
        now = datetime.now(UTC)
        values = {
            "@created@": format_instant(now),
            "@expires@": format_instant(now + timedelta(minutes=5)),
            "@confirms@": "".join(asked.findtext(f".//{DS}SignatureValue").split()),
            "@token@": base64.b64encode(certificate.public_bytes(Encoding.DER)).decode(),
            "@relates@": asked.findtext(".//{http://www.w3.org/2005/08/addressing}MessageID"),
        }
        text = ANSWER
        for name, value in values.items():
            text = text.replace(name, value)
        return text

    def ask(self) -> SourceOutcome:
        [config] = load_sources(self.folder / "sources.toml")
        return ask(config, "111111110")


@pytest.fixture(scope="module")
def town_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Municipality]:
    folder, authority = tmp_path_factory.mktemp("xmlsec1"), Authority.create()
    root = authority.write_tls_root(folder / "root.pem")
    authority.issue_client("Schuldenoverzicht").write(folder, "client")
    authority.issue_signer("Schuldenoverzicht").write(folder, "signer")
    tls = authority.issue_server().write(folder, "server")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls.certificate_file, tls.key_file)
    context.load_verify_locations(root)
    context.verify_mode = ssl.CERT_REQUIRED
    hall = Municipality(folder, authority.issue_signer("Gemeente", OIN).write(folder, "gemeente"))
    server = TlsServer("sociaal", ("127.0.0.1", 0), context, hall.respond)
    stanza = STANZA.format(port=server.port, ours=DEMO_OIN, theirs=OIN)
    (folder / "sources.toml").write_text(stanza, encoding="utf-8")
    server.run_in_background()
    yield hall
    server.stop()


@pytest.fixture(autouse=True)
def honest(town_hall: Municipality) -> None:
    town_hall.replace = (b"", b"")


def test_an_answer_signed_by_xmlsec1_is_believed(town_hall: Municipality) -> None:
    references = {claim.reference for claim in answer_of(town_hall.ask()).claims}
    assert references == {"000000020240017", "000000020220342"}


@pytest.mark.parametrize(
    "change",
    [
        (b"<WaardeBedr>75000<", b"<WaardeBedr>75001<"),
        (b"BijstandsregelingenInfoResponse</wsa:Action>", b"BijstandsregelingenInfoResponsf</wsa:Action>"),
        (b"?oin=00000001900000021000</wsa:Address>", b"?oin=00000001900000021001</wsa:Address>"),
    ],
)
def test_an_answer_signed_by_xmlsec1_and_changed_by_one_byte_is_not_used(
    town_hall: Municipality, change: tuple[bytes, bytes]
) -> None:
    town_hall.replace = change
    assert cause_of(town_hall.ask()) is FailureCause.MALFORMED


def test_xmlsec1_finds_our_question_signed_in_every_part_with_our_certificate(
    town_hall: Municipality,
) -> None:
    town_hall.ask()
    question = parse_xml(town_hall.question)
    signed = {reference.get("URI") for reference in question.iter(f"{DS}Reference")}
    names = {
        element.tag.rpartition("}")[2] for element in question.iter() if f"#{element.get(WSU_ID)}" in signed
    }
    assert names == {"Body", "Timestamp", "MessageID", "From", "To", "Action"}
    assert xmlsec1.verified_references(town_hall.question, town_hall.folder / "signer.pem") == len(names)


def test_xmlsec1_does_not_take_our_question_for_somebody_elses(town_hall: Municipality) -> None:
    town_hall.ask()
    assert xmlsec1.verified_references(town_hall.question, town_hall.signer.certificate_file) == 0


@pytest.mark.parametrize(
    "change",
    [
        (b"<Burgerservicenr>111111110<", b"<Burgerservicenr>111111111<"),
        (b"urn:uuid:", b"urn:uuie:"),
        (b"<wsa:Address>https://s", b"<wsa:Address>https://t"),
        (b">https://127", b">https://128"),
        (b"BijstandsregelingenInfo</wsa:Action>", b"BijstandsregelingenInfp</wsa:Action>"),
        (b"Created>20", b"Created>21"),
        (b"Expires>20", b"Expires>21"),
    ],
)
def test_xmlsec1_sees_one_changed_byte_in_any_part_of_our_question(
    town_hall: Municipality, change: tuple[bytes, bytes]
) -> None:
    town_hall.ask()
    assert change[0] in town_hall.question
    changed = town_hall.question.replace(*change, 1)
    assert xmlsec1.verified_references(changed, town_hall.folder / "signer.pem") == 0


def test_the_answer_that_is_signed_says_the_same_as_the_example_of_two_claims() -> None:
    body = "{http://schemas.xmlsoap.org/soap/envelope/}Body"
    texts = [
        ["".join(e.itertext()).strip() for e in parse_xml(raw).find(body).iter() if not len(e)]
        for raw in (message("e2"), ANSWER.encode())
    ]
    assert texts[0] == texts[1]
