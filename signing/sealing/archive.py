"""The archive command: put revocation data and a document time-stamp behind a sealed file (PAdES B-LTA)."""

from signing.archive_section import Items, NotASection, write_section
from signing.errors import SealingRefused
from signing.sealing.pdf import LongTermData
from signing.sealing.timestamps import TimeStampClient
from signing.verifying.pdf_file import OverLimits, PdfFile, Unreadable


def archived(data: bytes, client: TimeStampClient, fresh: LongTermData) -> bytes:
    """The file with one section more. `data` has been verified; `fresh` holds what there is to know now.

    Raises NoTimeStamp, and SealingRefused for a file of another form.
    """
    try:
        file = PdfFile(data)
        certificates, crls = file.long_term_data()
        items = Items(
            tuple(one for one in fresh.certificates if one not in certificates),
            tuple(one for one in fresh.crls if one not in crls),
        )
        return data + write_section(data, file.before_section(), items, client.token)
    except (NotASection, Unreadable, OverLimits) as error:
        raise SealingRefused("this file has no place for an archival time-stamp") from error
