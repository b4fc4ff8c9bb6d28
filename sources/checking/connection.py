"""From the name of the host to a trusted connection: the steps before anything is asked."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509

from sources.checking.distrust import describe_distrust
from sources.checking.steps import Found, Look, fails, holds
from sources.checking.words import expiry_note, until
from sources.errors import Misconfigured
from sources.ports import Clock
from sources.transport.address import Address
from sources.transport.connection import TlsFiles, client_context
from sources.transport.http import HttpSettings
from sources.transport.probe import (
    Handshake,
    NameUnknown,
    Refusal,
    TcpAttempt,
    TcpProblem,
    TlsFailed,
    TlsProblem,
    look_unverified,
    resolve,
    shake_hands,
    try_tcp,
)

_TCP = {
    TcpProblem.REFUSED: "weigert (daar luistert niets)",
    TcpProblem.SILENT: "reageert niet",
    TcpProblem.UNREACHABLE: "niet bereikbaar",
}
_TCP_ADVICE = (
    "Kijk of adres en poort in url kloppen, en of de firewalls aan beide kanten dit verkeer toelaten."
)
_TLS = {
    TlsProblem.NOT_TLS: ("daar wordt geen TLS gesproken", "Kijk of de poort in url die van https is."),
    TlsProblem.TOO_OLD: (
        "de bron spreekt alleen een te oude versie van TLS",
        "De bron moet TLS 1.2 of hoger aanzetten.",
    ),
    TlsProblem.NO_AGREEMENT: (
        "de bron breekt de afspraak over TLS af",
        "De bron eist een certificaat van ons (client_certificate_file), of deelt geen versleuteling met ons: vraag welke.",
    ),
    TlsProblem.SILENT: (
        "de bron neemt de verbinding aan en zwijgt dan",
        "Kijk of iets onderweg (firewall, proxy) TLS tegenhoudt, en of de bron overbelast is.",
    ),
    TlsProblem.BROKEN: (
        "de verbinding werd verbroken tijdens de afspraak over TLS",
        "Kijk of iets onderweg TLS openbreekt of tegenhoudt; vraag de bron wat zijn logboek zegt.",
    ),
}
_REFUSALS = {
    Refusal.REQUIRED: (
        "de bron eist een certificaat van ons",
        "Vraag welk certificaat de bron verwacht; zet client_certificate_file en client_key_file.",
    ),
    Refusal.UNKNOWN_ISSUER: (
        "de bron kent de uitgever van ons certificaat niet",
        "Laat de bron onze uitgever vertrouwen, en zet de tussenliggende certificaten onder het onze in het bestand.",
    ),
    Refusal.EXPIRED: (
        "de bron vindt ons certificaat verlopen",
        "Vernieuw het; of de klok van de bron loopt voor.",
    ),
    Refusal.REVOKED: (
        "de bron vindt ons certificaat ingetrokken",
        "Vraag bij de uitgever een nieuw certificaat aan.",
    ),
    Refusal.OTHER: (
        "de bron weigert ons certificaat",
        "Vraag de bron of zij ons certificaat (of ons OIN) heeft toegelaten, en wat haar logboek zegt.",
    ),
}


class ConnectionLooks:
    """The steps share what was found. Every step has `connect_seconds` of the stanza."""

    def __init__(self, settings: HttpSettings, clock: Clock, *, of: str = "") -> None:
        """`of`: whose steps they are, when not the source's own."""
        self._clock = clock
        self._tls_files = settings.tls
        self._address: Address = settings.address
        self._seconds = settings.connect_seconds
        self._of = of
        self._ip_addresses: tuple[str, ...] = ()
        self._handshake: Handshake | None = None
        self._verify_code = 0

    def looks(self) -> Sequence[Look]:
        return (
            Look(f"{self._of}naam", self._name),
            Look(f"{self._of}verbinding", self._tcp),
            Look(f"{self._of}TLS", self._tls),
            Look(f"{self._of}certificaat", self._certificate),
            Look(f"{self._of}ons certificaat", self._own_certificate),
        )

    def _name(self) -> Found:
        host = self._address.host
        try:
            self._ip_addresses = resolve(self._address)
        except NameUnknown as error:
            if not error.lasting:
                return fails(
                    f"{host}: de naamserver antwoordt niet", "Kijk de naamservers van deze machine na."
                )
            return fails(
                f"{host} bestaat niet", "Kijk url na; of de naam alleen binnen een ander netwerk bestaat."
            )
        return holds(f"{host} is {', '.join(self._ip_addresses)}")

    def _tcp(self) -> Found:
        attempts = [try_tcp(ip, self._address.port, self._seconds) for ip in self._ip_addresses]
        told = ", ".join(map(_attempt, attempts))
        if all(attempt.problem for attempt in attempts):
            return fails(f"poort {self._address.port}: {told}", _TCP_ADVICE)
        return holds(f"poort {self._address.port}: {told}")

    def _tls(self) -> Found:
        try:
            self._handshake = shake_hands(self._address, client_context(self._tls_files), self._seconds)
        except TlsFailed as error:
            if error.problem is not TlsProblem.UNTRUSTED:
                return fails(*_TLS[error.problem])
            self._verify_code = error.verify_code
            self._handshake = look_unverified(self._address, self._seconds)
        shown = self._handshake
        return holds(
            " ".join(filter(None, (shown.version, shown.cipher))) if shown else "de bron spreekt TLS"
        )

    def _certificate(self) -> Found:
        certificate, now = self._seen, self._clock.now()
        if self._verify_code:
            return describe_distrust(self._verify_code, certificate, self._tls_files.ca_file, now)
        if certificate is None:
            return holds("vertrouwd")
        told = f"vertrouwd, voor {self._address.host}, geldig tot {until(certificate, now)}"
        return holds(told, expiry_note("het", certificate, now))

    @property
    def _seen(self) -> x509.Certificate | None:
        return self._handshake.certificate if self._handshake else None

    def _own_certificate(self) -> Found:
        if self._handshake is None:
            raise Misconfigured("no connection to judge")
        has_one = self._tls_files.client_certificate_file is not None
        refusal = self._handshake.refusal
        if refusal is not None:
            return fails(*_REFUSALS[Refusal.REQUIRED if not has_one else refusal])
        if not has_one:
            return holds("de bron vraagt er geen")
        return holds(f"aangeboden en niet geweigerd; {self._without_certificate()}")

    def _without_certificate(self) -> str:
        """Whether mutual TLS keeps others out. Where it does not, the organisation may still do so further on."""
        context = client_context(TlsFiles(self._tls_files.ca_file))
        try:
            refused = shake_hands(self._address, context, self._seconds).refusal is not None
        except TlsFailed as error:
            if error.problem is not TlsProblem.NO_AGREEMENT:  # which TLS 1.2 says of a missing certificate
                return "of het ook zonder kan, bleek niet"
            refused = True
        return (
            "zonder certificaat komt niemand binnen"
            if refused
            else "wie er geen heeft, krijgt ook verbinding"
        )


def _attempt(attempt: TcpAttempt) -> str:
    if attempt.problem is None:
        return f"{attempt.ip_address} open ({attempt.milliseconds} ms)"
    return f"{attempt.ip_address} {_TCP[attempt.problem]}"
