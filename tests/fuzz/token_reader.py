"""What a token endpoint answers: it ends up in a header of our next question."""

from __future__ import annotations

import re

from sources.deadline import Deadline
from sources.errors import SourceError
from sources.transport.http import Question, Reply
from sources.transport.oauth import AccessTokens
from tests.fuzz.canned import URL, CannedTransport, config_of
from tests.fuzz.watch import Broken, require_foreseen, require_no_secret

REFUSAL = b"400 "  # in front of the body: the status
_FIT_FOR_A_HEADER = re.compile(r"[!-~]{1,10000}")


class _Endpoint(CannedTransport):
    def post(self, path: str, question: Question, deadline: Deadline) -> Reply:
        reply = super().post(path, question, deadline)
        refused = reply.body.startswith(REFUSAL)
        return Reply(400, reply.body.removeprefix(REFUSAL)) if refused else reply


class _Tokens(AccessTokens):
    def __init__(self) -> None:
        config = config_of("municipal_rest", oauth={"token_url": URL, "client_id": "wij"})
        super().__init__(config)
        self._transport = self.wire = _Endpoint(config)


def check_token(data: bytes) -> bool:
    """True when it was believed. Raises Broken."""
    tokens = _Tokens()
    tokens.wire.will_send(data)
    try:
        token = tokens.current(Deadline.after(60))
    except SourceError as error:
        require_foreseen(error)
        return False
    require_no_secret(repr(token), "the repr of a token")
    if not _FIT_FOR_A_HEADER.fullmatch(token.value):
        raise Broken("a token that does not fit in a header")
    if not 0 < token.until - token.got_at <= 6 * 3600:
        raise Broken("a token that lives too long, or not at all")
    return True
