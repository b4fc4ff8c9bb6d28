"""Which files a process that reads uploaded files can still open: code, and nothing of the installation or of others.

Landlock (landlock(7), Linux 5.13 and later) needs no privilege, holds for all processes that are forked afterwards, and
keeps them from looking into other processes too. Libraries load parts of themselves late, so code stays readable.
"""

import ctypes
import os
import platform
import struct
import sys
import sysconfig
from pathlib import Path

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446  # the same numbers on both
_MACHINES = frozenset({"x86_64", "aarch64"})
_TELL_VERSION = 1
_EVERYTHING = (1 << 13) - 1  # all that the first version knows: execute, write, read, list, remove, make
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_BENEATH = 1
_OF_THE_SYSTEM = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache")
_OF_PACKAGES = frozenset({"site-packages", "dist-packages", "lib-dynload"})


def is_there() -> bool:
    """Whether this kernel does it."""
    return _call(_CREATE, None, 0, _TELL_VERSION) > 0


def open_code_only() -> bool:
    """From now on this process, which has one thread, can open code for reading and nothing else; for ever."""
    known = struct.pack("=Q", _EVERYTHING)
    rules = _call(_CREATE, known, len(known), 0)
    if rules < 0:
        return False
    try:
        for place in _code():
            _allow(rules, place)
        return _call(_RESTRICT, rules, 0) == 0
    finally:
        os.close(rules)


def _code() -> list[str]:
    packages = [place for place in sys.path if Path(place).name in _OF_PACKAGES]
    standard = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]
    return [*standard, *packages, str(Path(__file__).parent.parent), *_OF_THE_SYSTEM]


def _allow(rules: int, place: str) -> None:
    try:
        number = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not on this system
    rights = _READ_FILE | _READ_FOLDER if Path(place).is_dir() else _READ_FILE
    try:
        _call(_ADD_RULE, rules, _BENEATH, struct.pack("=Qi", rights, number), 0)
    finally:
        os.close(number)


def _call(number: int, *values: int | bytes | None) -> int:
    """A system call; -1 when there is none of this number."""
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        return -1
    call = ctypes.CDLL(None, use_errno=True).syscall
    call.restype = ctypes.c_long
    passed = [ctypes.c_long(value) if isinstance(value, int) else value for value in values]
    return int(call(ctypes.c_long(number), *passed))
