"""The public site of the demo with parts that can be spoilt: for the test of the bench itself."""

from tests.faults import spoiling

spoiling.install()

from simulators.demo.wsgi import application  # noqa: E402 -- built of the replaced parts

__all__ = ["application"]
