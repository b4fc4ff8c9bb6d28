"""Names in Arabic script, printed in Latin letters between brackets. See decision 20 for why not in their own.

Every letter gets something to print: a letter that is not in the table stays as it is, and `pdf_fonts.clean` then refuses
to make the page. The exact spelling is in the attached JSON; a page that holds such text says so.
"""

from __future__ import annotations

import re
import unicodedata

_LETTERS = {
    **dict.fromkeys("اأآٱى", "a"),
    **dict.fromkeys("ءع", "'"),
    **dict.fromkeys("يیئےۍ", "y"),
    **dict.fromkeys("هحھہ", "h"),
    **dict.fromkeys("كک", "k"),
    **dict.fromkeys("تطٹ", "t"),
    **dict.fromkeys("دضڈ", "d"),
    **dict.fromkeys("زظ", "z"),
    **dict.fromkeys("سص", "s"),
    **dict.fromkeys("رڑ", "r"),
    **dict.fromkeys("نں", "n"),
    **dict.fromkeys("وؤ", "w"),
    "إ": "i", "ب": "b", "ج": "j", "خ": "kh", "ذ": "dh", "ش": "sh", "غ": "gh", "ف": "f", "ق": "q", "ل": "l", "م": "m",
    "ث": "th", "پ": "p", "چ": "ch", "ژ": "zh", "گ": "g", "ة": "a", "َ": "a", "ِ": "i", "ُ": "u", "ً": "an", "ٍ": "in", "ٌ": "un",
    "ّ": "", "ْ": "", "ٰ": "a", "ـ": "", "،": ",", "؛": ";", "؟": "?", "٪": "%", "٫": ",", "٬": ".",
}  # fmt: skip
_TABLE = str.maketrans(_LETTERS | {chr(zero + n): str(n) for zero in (0x0660, 0x06F0) for n in range(10)})
_SCRIPT = "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc"
_RUN = re.compile(rf"[{_SCRIPT}]+(?: +[{_SCRIPT}]+)*")


def is_present(text: str) -> bool:
    """Whether any of it is in Arabic script."""
    return _RUN.search(text) is not None


def in_latin(text: str) -> str:
    """Every run of Arabic script as Latin letters between brackets; the rest as it was."""
    return _RUN.sub(lambda run: f"[{unicodedata.normalize('NFKC', run[0]).translate(_TABLE)}]", text)
