"""What `blauwe-knop doctor` looks at: every part of an installation by itself, so that one list names all that is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from app.bootstrap import build_worker, open_storage
from app.bootstrap_audit import has_pseudonym_keys
from app.bootstrap_certificates import ending_soon
from app.bootstrap_checks import contact_needs_a_look
from app.bootstrap_doctor_sources import MEND
from app.bootstrap_seals import CannotStart, build_seal, expires_soon
from app.bootstrap_storage import Storage
from app.oidc.clock import clock_trouble
from app.oidc.config import Connection
from app.oidc.provider import Provider
from app.persistence.audit_log import SqlAuditLog
from app.persistence.engine import Database, moment_of
from app.persistence.migrations import fits_this_program
from app.ports.clock import CLOCKS_MAY_DIFFER, SEALING_CLOCKS_MAY_DIFFER, Clock
from app.ports.login import ProviderUnavailable
from app.ports.storage import StorageUnavailable
from app.services.audit_keeping import was_intact, was_looked_over
from app.services.background import overdue
from app.settings import Settings, SettingsError
from signing.errors import SigningError
from signing.policy import load_trust
from signing.verifying.sandbox import examine
from sources.checking.steps import Found, Step, fails, holds, skipped
from sources.config import SourcesFileError

_UPGRADE = "Voer uit: blauwe-knop db upgrade. Zie docs/hosting.md."
_DATABASE = "Draait de database, en kloppen [database] url en het wachtwoord? Met psql en dat adres zegt hij zelf waarom niet."
_REACH = "Kijk of het adres klopt en of de firewall het toelaat; docs/hosting.md noemt alle verbindingen."
_COUNSELLORS = "inloggen van hulpverleners"
_TRIAL = b"%PDF-1.7 blauwe-knop doctor"
Look = Callable[[], Found]


def examine_installation(settings: Settings, clock: Clock, *, allow_loopback_http: bool) -> Iterator[Step]:
    """One step per part, each looked at whatever the others say."""
    storage = open_storage(settings)
    looks: dict[str, Look] = {
        "zegel": lambda: _seal(settings, storage),
        "einde van het zegel": lambda: _seal_end(settings, clock),
        "einde van certificaten": lambda: _login_ends(settings, clock),
        "database": lambda: _database(storage),
        "klok": lambda: clock_of(storage.database, clock),
        "werk op de achtergrond": lambda: _jobs(settings, clock),
        "auditlog": lambda: _audit_log(settings, storage),
        "inloggen van burgers": lambda: _login(settings.login.oidc_config(), clock, allow_loopback_http),
        "inloggen van medewerkers": lambda: _employees(settings, clock, allow_loopback_http),
        **_counsellors(settings, clock, allow_loopback_http),
        "controleren van bestanden": lambda: _examiner(settings),
        "adres voor meldingen": lambda: _contact(settings, clock),
    }
    for name, look in looks.items():
        yield timed(name, lambda look=look: _looked(look))  # type: ignore[misc]


def timed(name: str, look: Look) -> Step:
    """One look with its time."""
    began = time.monotonic()
    found = look()
    return Step(name, found, round((time.monotonic() - began) * 1000))


def _looked(look: Look) -> Found:
    try:
        return look()
    except (SettingsError, CannotStart, SigningError) as error:
        return fails(str(error), MEND)
    except SourcesFileError:
        return skipped("niet bekeken: de bronnen zijn niet te lezen")
    except StorageUnavailable:
        return skipped("niet bekeken: de database antwoordt niet, of is van een andere versie")


def _seal(settings: Settings, storage: Storage) -> Found:
    build_seal(settings, load_trust(settings.trust_folder), storage.material)
    return holds("proefzegel gezet; wij vertrouwen het zelf")


def _seal_end(settings: Settings, clock: Clock) -> Found:
    if expires_soon(settings.seal, clock.now()):
        return fails(
            "het certificaat van het zegel loopt binnenkort af", "Vraag een nieuw aan: docs/keys.md."
        )
    return holds("nog niet in zicht")


def _login_ends(settings: Settings, clock: Clock) -> Found:
    soon = ending_soon(settings, clock.now())
    if soon:
        advice = "Vraag nieuwe aan: docs/runbook.md, LoginCertificateEnds."
        return fails(f"loopt binnenkort af, of is niet te lezen: {', '.join(soon)}", advice)
    return holds("nog niet in zicht")


def _database(storage: Storage) -> Found:
    try:
        if fits_this_program(storage.database):
            return holds("bereikbaar, en geschikt voor deze versie")
    except StorageUnavailable as error:
        return fails(f"niet te gebruiken ({error})", _DATABASE)
    return fails("de tabellen zijn van een andere versie", _UPGRADE)


def clock_of(database: Database, clock: Clock) -> Found:
    """Our clock beside that of the database: the limits are those of jobs and of sealing. Raises StorageUnavailable."""
    theirs = moment_of(database)
    if theirs is None:
        return holds("de database is een bestand op deze machine, met dezelfde klok")
    apart = clock.now() - theirs
    if abs(apart) <= CLOCKS_MAY_DIFFER:
        return holds("gaat gelijk met die van de database")
    stops = "geen taak op de achtergrond loopt"
    if abs(apart) > SEALING_CLOCKS_MAY_DIFFER:
        stops += ", en deze machine zet geen zegel"
    ahead = "voor" if apart > timedelta(0) else "achter"
    text = f"loopt {abs(round(apart.total_seconds()))} seconden {ahead} op die van de database: {stops}"
    return fails(text, "Laat beide klokken een tijdserver volgen (NTP).")


def _jobs(settings: Settings, clock: Clock) -> Found:
    jobs, ledger, _ = build_worker(settings)
    late = overdue(jobs, ledger.states(), clock.now())
    if late:
        return fails(
            f"te lang niet gelukt: {', '.join(late)}", "Kijk of blauwe-knop work draait, en in zijn log."
        )
    return holds(f"alle {len(jobs)} taken zijn kort geleden gelukt")


def _audit_log(settings: Settings, storage: Storage) -> Found:
    if not has_pseudonym_keys(settings, storage.database)():
        return fails(
            "van oude rijen ontbreekt de sleutel", "Zet de oude pseudoniemsleutel terug: docs/audit.md."
        )
    log = SqlAuditLog(storage.database)
    if not was_intact(log):
        return fails("bij de laatste controle was het log niet heel", "Voer uit: blauwe-knop audit verify.")
    last = "heel bij de laatste controle" if was_looked_over(log) else "nog nooit helemaal bekeken"
    return holds(f"{last}; alle sleutels zijn er")


def _employees(settings: Settings, clock: Clock, allow_loopback_http: bool) -> Found:
    if settings.operator is None:
        return skipped("er is geen beheerpagina ([operator])")
    return _login(settings.operator.staff_config(), clock, allow_loopback_http)


def _counsellors(settings: Settings, clock: Clock, allow_loopback_http: bool) -> dict[str, Look]:
    """A look for each organisation: each has a provider of its own."""
    organisations = settings.sharing.organisations if settings.sharing is not None else ()
    if not organisations:
        return {_COUNSELLORS: lambda: skipped("er zijn geen organisaties ([[sharing.organisations]])")}
    return {
        f"hulpverleners {one.id}": lambda one=one: _login(one.staff_config(), clock, allow_loopback_http)  # type: ignore[misc]
        for one in organisations
    }


def _login(connection: Connection, clock: Clock, allow_loopback_http: bool) -> Found:
    try:
        Provider(connection, allow_loopback_http=allow_loopback_http).metadata()
    except (ProviderUnavailable, ValueError) as error:
        return fails(f"{connection.issuer}: {error}", _REACH)
    trouble = clock_trouble(connection, clock, allow_loopback_http=allow_loopback_http)
    if trouble is not None:
        return fails(trouble, "Laat de klok een tijdserver volgen (NTP).")
    return holds(f"{connection.issuer} antwoordt, en zijn klok gaat gelijk met de onze")


def _examiner(settings: Settings) -> Found:
    report = examine(_TRIAL, load_trust(settings.trust_folder))
    if report.network_cut_off is None:
        return fails(
            "het controleprogramma kan niet starten",
            "Kijk in het log van deze opdracht en in docs/hosting.md.",
        )
    kept = {"netwerk": report.network_cut_off, "bestanden": report.files_cut_off}
    open_to = [name for name, is_kept in kept.items() if not is_kept]
    if open_to:
        advice = "Gebruik een Linux-kernel met Landlock en seccomp (5.13 of nieuwer)."
        return fails(f"het controleprogramma is niet afgesloten van: {', '.join(open_to)}", advice)
    return holds("afgesloten van netwerk en bestanden")


def _contact(settings: Settings, clock: Clock) -> Found:
    if contact_needs_a_look(settings.security_contact_until, clock.now()):
        return fails(
            f"security_contact geldt tot {settings.security_contact_until}",
            "Kijk of het adres nog klopt en zet security_contact_until een jaar verder.",
        )
    return holds(f"geldt tot {settings.security_contact_until}")
