"""A slow provider must not keep every thread of the site: who is logged in, or verifies a file, needs no provider."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from app.ports.login import ProviderUnavailable


class Trouble:
    """As long as all is well everybody may ask at once. After a time-out, until somebody has had an answer, one at a time
    tries; the others are told at once that it does not work now. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asking = 0
        self._is_slow = False

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Around one question, which raises ProviderUnavailable with the reason `timeout` when it took too long. Raises
        ProviderUnavailable."""
        with self._lock:
            if self._is_slow and self._asking > 0:
                raise ProviderUnavailable("slow")
            self._asking += 1
        try:
            yield
            self._is_slow = False
        except ProviderUnavailable as error:
            self._is_slow = self._is_slow or error.reason == "timeout"
            raise
        finally:
            with self._lock:
                self._asking -= 1


def trouble_with(address: str) -> Trouble:
    """What this process knows of the machine at this address."""
    return _trouble_with(urlsplit(address).netloc)


@functools.cache  # the machines of one or two providers
def _trouble_with(_netloc: str) -> Trouble:
    return Trouble()
