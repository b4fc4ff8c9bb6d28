"""What a process that reads uploaded files gives up for ever, itself and all processes that it forks.

Network, other programs and other processes go by a seccomp filter (Linux, x86-64 and ARM64), files by Landlock (Linux 5.13
and later). Unlike a network namespace those need no privilege, so they also work in a container that has none. Elsewhere the
report says what was not cut off.
"""

import ctypes
import errno
import os
import platform
import resource
import signal
import socket
import struct
from dataclasses import dataclass

from signing.verifying.landlock import open_code_only

_NEVER_PRIVILEGED, _FILTER_SYSTEM_CALLS, _DUMPABLE, _DIE_WITH_PARENT = 38, 22, 4, 1  # prctl(2)
_BY_PROGRAM = 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # classic BPF, with 32-bit words
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4  # struct seccomp_data
_OTHER_SPELLINGS_FROM = 0x40000000  # x32 has numbers of its own on x86-64
_OPEN_FILES = 16

_REFUSED = {
    # socket, connect, execve, execveat, ptrace, process_vm_readv, process_vm_writev, io_uring_setup, pidfd_getfd
    "x86_64": (0xC000003E, (41, 42, 59, 322, 101, 310, 311, 425, 438)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281, 117, 270, 271, 425, 438)),
}


@dataclass(frozen=True)
class Confinement:
    """What the kernel keeps away from a process: the network, and all files but code."""

    network: bool
    files: bool


def confine() -> Confinement:
    """No written files, no files but code, no core dumps, no new privileges, no network. Says which of it the kernel does.

    Written files are empty at most. Also a dump handler of the machine gets nothing: it does not heed the limit on
    the size of dumps, but it heeds "not dumpable".
    """
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _control(_DUMPABLE, 0)
    if not _control(_NEVER_PRIVILEGED, 1):
        return Confinement(network=False, files=False)
    files = open_code_only() and _files_are_refused()
    return Confinement(_refuse_system_calls() and _network_is_refused(), files)


def limit(memory_bytes: int, cpu_seconds: int) -> None:
    """No more memory and processor time than this; the limits cannot be raised again.

    Processor time counts from the start of the process, so what it used already is added.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = cpu_seconds + int(used.ru_utime + used.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))


def die_with(parent: int) -> None:
    """End when the process that forked this one ends, however that ends."""
    _control(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _refuse_system_calls() -> bool:
    if platform.machine() not in _REFUSED:
        return False
    program = _program(*_REFUSED[platform.machine()])
    instructions = ctypes.create_string_buffer(program, len(program))
    described = ctypes.create_string_buffer(
        struct.pack("@HP", len(program) // 8, ctypes.addressof(instructions))
    )
    return _control(_FILTER_SYSTEM_CALLS, _BY_PROGRAM, ctypes.addressof(described))


def _program(architecture: int, numbers: tuple[int, ...]) -> bytes:
    """Classic BPF (seccomp(2)): refuse calls by these numbers and all that are spelled for another architecture."""
    to_refusal = len(numbers) + 1
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_IF_EQUAL, 0, to_refusal + 2, architecture),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_IF_AT_LEAST, to_refusal, 0, _OTHER_SPELLINGS_FROM),
        *((_IF_EQUAL, to_refusal - place, 0, number) for place, number in enumerate(numbers, 1)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("@HBBI", *line) for line in lines)


def _files_are_refused() -> bool:
    """Seen by trying, as below."""
    try:
        os.listdir("/")
    except PermissionError:
        return True
    return False


def _network_is_refused() -> bool:
    """Seen by trying, so that the report never says more than what is so."""
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
        try:
            socket.socket(family).close()
        except PermissionError:
            continue
        except OSError:
            return False
        return False
    return True


def _control(option: int, *values: int) -> bool:
    """prctl(2): whether the kernel did it; False on systems that have no such call."""
    try:
        call = ctypes.CDLL(None, use_errno=True).prctl
    except (AttributeError, OSError):
        return False
    padded = [*values, 0, 0, 0, 0][:4]
    return bool(call(ctypes.c_int(option), *map(ctypes.c_ulong, padded)) == 0)
