"""Protocol name -> how a simulated organisation speaks it: one line per protocol that is a question and an answer in JSON.
SOAP has a conversation of its own (`dkd_conversation.py`)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulators.organisations import fcid, municipal_rest
from simulators.organisations.behaviour import Behaviour
from simulators.organisations.data_files import Citizen, Json, Organisation

Answer = Callable[[Organisation, Citizen, int, Behaviour], Json]


def encode(body: Json) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Speaker:
    """`path`: where it listens; `base`: how much of that stands in the settings. `read` gives BSN and page, or raises
    BadQuestion. `answer`: about one citizen, page and behaviour. `without_person` takes the BSN out of an answer."""

    path: str
    base: str
    read: Callable[[Organisation, Any], tuple[str, int]]
    answer: Answer
    without_person: Callable[[Json], object]
    encode: Callable[[Json], bytes] = encode
    content_type: str = "application/json"


SPEAKERS: dict[str, Speaker] = {
    "municipal_rest": Speaker(
        municipal_rest.PATH,
        "",
        lambda _organisation, question: municipal_rest.read_question(question),
        municipal_rest.answer,
        lambda body: body.pop("bsn"),
    ),
    "fcid": Speaker(
        fcid.PATH,
        fcid.PATH,
        lambda organisation, question: (fcid.read_question(organisation, question), 0),
        lambda organisation, citizen, _page, behaviour: fcid.answer(organisation, citizen, behaviour),
        lambda body: body["body"].pop("bsn"),
    ),
}
