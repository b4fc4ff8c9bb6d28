"""Known files of a made-up organisation, examined before the first unverified one.

That loads all that libraries load late, so that the first real file is not the slow one and no child does it again; and an
examiner that does not know these files for what they are judges no others. `python -m tests.support.examiner_sample` makes
them: first a line with the moment at which they are examined, then jobs as they go to a child (`wire`).
"""

from datetime import datetime
from pathlib import Path

from signing.report import Finding
from signing.verifying.examination import examine_here
from signing.verifying.wire import read_job

FILE = Path(__file__).with_name("sample.jobs")
FINDINGS = [Finding.ARCHIVED, Finding.GENUINE]
"""A PDF with everything that a PDF can have, and a JSON."""


class SampleNotKnown(Exception):
    """The examiner does not work: it takes files that are genuine for something else."""


def examine_sample() -> None:
    """Raises SampleNotKnown, or OSError."""
    findings = []
    with FILE.open("rb") as stream:
        moment = datetime.fromisoformat(stream.readline().decode("ascii").strip())
        while line := stream.readline():
            job = read_job(line)
            findings.append(examine_here(stream.read(job.size), job.policy, moment).finding)
    if findings != FINDINGS:
        raise SampleNotKnown(f"the sample was found {[one.name for one in findings]}")
