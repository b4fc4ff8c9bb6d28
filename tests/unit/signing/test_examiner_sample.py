"""The files that the examiner looks at before all others."""

from pathlib import Path

import pytest

from signing.verifying import sample
from signing.verifying.sample import SampleNotKnown, examine_sample


def test_they_are_what_they_should_be() -> None:
    examine_sample()


def test_an_examiner_that_takes_them_for_something_else_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    changed = tmp_path / "sample.jobs"
    content = sample.FILE.read_bytes()
    changed.write_bytes(content[:-20] + b"A" + content[-19:])
    assert changed.read_bytes() != content
    monkeypatch.setattr(sample, "FILE", changed)
    with pytest.raises(SampleNotKnown, match="ALTERED"):
        examine_sample()
