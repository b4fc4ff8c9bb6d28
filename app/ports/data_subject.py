"""Whose claims are asked, and who asks."""

from __future__ import annotations

from dataclasses import dataclass

from claims.identity import Bsn


@dataclass(frozen=True, slots=True)
class Representative:
    """The natural person who logged in for somebody else with DigiD Machtigen ("gemachtigde")."""

    bsn: Bsn


@dataclass(frozen=True, slots=True)
class DataSubject:
    """The person whose claims these are ("betrokkene"; with a representative: "vertegenwoordigde"), and who acts for them.
    They travel as one, so that no step on the way can forget that somebody else acts.

    `app`: the client id of the app back end that asks with the consent of this person, who is then not there themselves.

    Raises ValueError when both are the same person.
    """

    bsn: Bsn
    representative: Representative | None = None
    app: str | None = None

    def __post_init__(self) -> None:
        if self.representative is not None and self.representative.bsn == self.bsn:
            raise ValueError("nobody represents themselves")

    @property
    def who_logged_in(self) -> Bsn:
        """The number of the representative, if there is one."""
        return self.bsn if self.representative is None else self.representative.bsn
