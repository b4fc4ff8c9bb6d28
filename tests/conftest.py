"""For all tests: none may depend on how fast something ran, and no program that they start compiles its libraries again."""

import gc

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.support.bytecode import keep_bytecode

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

keep_bytecode()

# As in the image, which has no Rich: beside a traceback that shows every local variable, the rest of a test is nothing.
structlog.dev.ConsoleRenderer.get_active().exception_formatter = structlog.dev.plain_traceback

# What is read before the first test stays until the last one; looking through it for garbage again and again takes a
# twentieth of the processor time.
gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    gc.freeze()
    gc.enable()
