"""The steps that one exchange decides. Every failure belongs to one step, and the last step takes what none of the
others knew: an exchange that failed never passes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from claims.outcome import SourceAnswer
from sources.checking.exchange import Exchange
from sources.checking.person import NO_TEST_BSN, describe_answer
from sources.checking.statuses import judge_access, judge_status
from sources.checking.steps import Found, Look, fails, holds, skipped
from sources.checking.wires import Wire
from sources.config import SourceConfig
from sources.errors import (
    Misconfigured,
    SourceError,
    SourceMalformed,
    SourceRefused,
    SourceReportedError,
    SourceUnavailable,
    SourceUntrusted,
    TooLarge,
    TooSlow,
    WrongPerson,
)
from sources.transport.watching import AnswerHead

_TOLD_CLOCK_DIFFERENCE = timedelta(minutes=1)
_KNOWN_TYPES = frozenset(
    {
        *("application/json", "application/problem+json", "application/xml", "application/soap+xml"),
        *("text/html", "text/plain", "text/xml"),
    }
)
_NO_HEAD: dict[type[SourceError], tuple[str, str]] = {
    TooSlow: (
        "geen antwoord binnen de tijd (total_seconds)",
        "Vraag de bron waarom zij traag is; burgers wachten hier ook op.",
    ),
    SourceRefused: (
        "de bron weigert ons certificaat zodra wij iets vragen",
        "Vraag de bron of zij ons certificaat (of ons OIN) voor dit adres heeft toegelaten.",
    ),
    SourceMalformed: ("het antwoord is geen HTTP", "Kijk of de poort in url die van de webdienst is."),
    SourceUnavailable: (
        "de verbinding werd verbroken voordat er een antwoord was",
        "Vraag de bron wat haar logboek zegt; kijk of een firewall of proxy de vraag afbreekt.",
    ),
}
_PERSON: dict[type[SourceError], tuple[str, str]] = {
    WrongPerson: (
        "het antwoord gaat over iemand anders, of zegt niet over wie het gaat",
        "Sluit deze bron niet aan voordat zij dit heeft hersteld: wij laten zo'n antwoord altijd vallen.",
    ),
    SourceReportedError: (
        "de bron antwoordt met een foutmelding in plaats van gegevens",
        "Kijk of de bron deze testpersoon kent, en of wij deze dienst mogen bevragen; vraag naar haar logboek.",
    ),
    SourceUnavailable: (
        "de bron antwoordt met een storing in plaats van gegevens",
        "Vraag de bron wat haar logboek bij deze vraag zegt.",
    ),
}


class AnswerLooks:
    """`ask` is called once, by the first step."""

    def __init__(self, config: SourceConfig, wire: Wire, ask: Callable[[], Exchange]) -> None:
        self._config = config
        self._wire = wire
        self._ask = ask
        self._exchange = Exchange((), about_somebody=False)

    def looks(self) -> Sequence[Look]:
        signature = (Look("handtekening", self._signature),) if self._wire.signed else ()
        return (
            Look("HTTP", self._http),
            Look("toegang", self._access),
            Look("soort antwoord", self._kind),
            *signature,
            Look("schema", self._schema),
            Look("test-bsn", self._person),
        )

    @property
    def answer(self) -> SourceAnswer | None:
        """About the test person, once it was asked for."""
        return self._exchange.answer

    def _http(self) -> Found:
        self._exchange = self._ask()
        head, error = self._exchange.head, self._exchange.error
        if head is None:
            return _without_head(error)
        failed = judge_status(head, self._wire.question, about_somebody=self._exchange.about_somebody)
        return failed or _incomplete(error) or holds(f"status {head.status}", _clock_note(head))

    def _access(self) -> Found:
        head = self._exchange.head
        if failed := judge_access(head, self._config):
            return failed
        if not self._exchange.about_somebody:
            return skipped(f"niet geweigerd; zekerheid geeft pas een vraag over iemand ({NO_TEST_BSN})")
        return holds("de bron laat ons vragen")

    def _kind(self) -> Found:
        head = self._exchange.head
        if head is None or not self._exchange.about_somebody:
            return skipped(NO_TEST_BSN)
        wanted = self._wire.question.media_types
        if head.media_type not in wanted:
            told = head.media_type if head.media_type in _KNOWN_TYPES else "een ander soort"
            advice = (
                "Een pagina in plaats van gegevens komt vaak van een proxy of een verkeerd pad: kijk url na."
            )
            return fails(f"{told} in plaats van {' of '.join(sorted(wanted))}", advice)
        if head.compressed:
            return fails("het antwoord is gecomprimeerd", "De bron moet Accept-Encoding: identity volgen.")
        if head.charset not in {"", "utf-8"}:
            return fails("het antwoord is niet in UTF-8", "De bron moet in UTF-8 antwoorden.")
        return holds(head.media_type)

    def _signature(self) -> Found:
        if not self._exchange.about_somebody:
            return skipped(NO_TEST_BSN)
        error = self._exchange.error
        if isinstance(error, SourceUntrusted):
            advice = "Vergelijk answer_oin en answer_ca_file met het certificaat waarmee de bron ondertekent."
            return fails(f"niet bewezen van de bron ({error})", advice)
        if isinstance(error, Misconfigured):
            advice = "Kijk de bestanden voor handtekeningen na; bij crl_file: haal een nieuwe lijst op."
            return fails(f"niet te controleren ({error})", advice)
        return holds("van de verwachte organisatie") if error is None else skipped("er kwamen geen gegevens")

    def _schema(self) -> Found:
        error = self._exchange.error
        if not self._exchange.about_somebody:
            return skipped(NO_TEST_BSN)
        if isinstance(error, SourceMalformed):
            advice = "Leg de bron voor wat zij voor de testpersoon teruggaf, naast de beschrijving van het koppelvlak."
            return fails(f"niet wat het koppelvlak belooft ({error})", advice)
        return holds("leesbaar volgens het koppelvlak")

    def _person(self) -> Found:
        error, answer = self._exchange.error, self._exchange.answer
        if not self._exchange.about_somebody:
            return skipped(NO_TEST_BSN)
        if answer is not None:
            return describe_answer(answer)
        told = _PERSON.get(type(error)) if error else None
        return fails(*told) if told else fails(str(error), "Kijk de instellingen van deze bron na.")


def _without_head(error: SourceError | None) -> Found:
    if error is None or isinstance(error, Misconfigured):
        return fails(f"niet gevraagd ({error})", "Kijk de instellingen en bestanden van deze bron na.")
    return fails(*_NO_HEAD.get(type(error), (str(error), "Kijk de instellingen van deze bron na.")))


def _incomplete(error: SourceError | None) -> Found | None:
    """It began to answer, as it should, but never ended."""
    if isinstance(error, TooSlow):
        return fails("het antwoord was niet heel binnen de tijd (total_seconds)", _NO_HEAD[TooSlow][1])
    if isinstance(error, TooLarge):
        advice = "Vraag de bron om minder per antwoord, of verhoog max_bytes als dit klopt."
        return fails("het antwoord is groter dan max_bytes", advice)
    if isinstance(error, SourceUnavailable) and str(error) in {
        "the answer was cut off",
        "the connection was broken",
    }:
        return fails("het antwoord werd halverwege afgebroken", _NO_HEAD[SourceUnavailable][1])
    return None


def _clock_note(head: AnswerHead) -> list[str]:
    if head.source_time is None:
        return []
    ahead = head.source_time - head.seen_at
    if abs(ahead) <= _TOLD_CLOCK_DIFFERENCE:
        return []
    word = "voor" if ahead > timedelta() else "achter"
    return [f"de klok van de bron loopt {round(abs(ahead).total_seconds())} seconden {word} op de onze"]
