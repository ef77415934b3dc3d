"""The context of a line of a log: the call that it is about, and the program that wrote it."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec
from msgspec import Raw

from cancelnorm.caching import cached
from cancelnorm.logs.json_path import Steps, at, steps
from cancelnorm.logs.part_names import USUAL_STEPS
from cancelnorm.logs.urls import locate

__all__ = ["NO_CONTEXT", "Context", "context_before", "context_of"]


Names = tuple[tuple[str, str], ...]
"""Names, each behind its kind."""


class Context(NamedTuple):
    """What a line says of its call, and of its program, by the kind of name; nothing where it says nothing.

    A request and its answer have the same context, as far as both have one. Names of threads and of loggers are none:
    one may send what another one receives.
    """

    calls: Names = ()
    programs: Names = ()

    def may_be_call_of(self, other: "Context") -> bool:
        """Whether two lines may be of one call."""
        return _agree(self.calls, other.calls)

    def may_be_program_of(self, other: "Context") -> bool:
        """Whether two lines may be of one program."""
        return _agree(self.programs, other.programs)

    def is_call_of(self, other: "Context") -> bool:
        """Whether two lines are known to be of one call."""
        return not set(self.calls).isdisjoint(other.calls) and _agree(self.calls, other.calls)


def _agree(names: Names, others: Names) -> bool:
    """Tell whether names are the same where they are of one kind."""
    if not names or not others:
        return True
    known = dict(others)
    return all(known.get(kind, name) == name for kind, name in names)


NO_CONTEXT: Final = Context()

_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "request": ("request", "req", "x-request"),
    "correlation": ("correlation", "corr"),
    "trace": ("trace",),
    "call": ("call",),
}
_ENDS: Final = ("_id", "-id", "Id", "ID")
_PLAIN: Final[Mapping[str, tuple[str, ...]]] = {
    "request": ("request_id", "requestId", "RequestId"),
    "correlation": ("correlation_id", "CorrelationId"),
    "trace": ("trace_id", "traceId", "TraceId"),
}
_ELSEWHERE: Final[Mapping[str, tuple[str, ...]]] = {
    "request": ("x_request_id",),
    "trace": ("trace.id", '$["trace.id"]', '$["dd.trace_id"]'),
}
_WITHIN: Final = ("extra", "record.extra", "context", "fields", "mdc", "Properties")  # of loggers' own names
_CALLS: Final[Mapping[str, tuple[str, ...]]] = {
    kind: (
        *(f"{word}{end}" for word in words for end in _ENDS),
        *_PLAIN.get(kind, ()),
        *_ELSEWHERE.get(kind, ()),
        *(f"{outer}.{name}" for outer in _WITHIN for name in _PLAIN.get(kind, ())),
    )
    for kind, words in _WORDS.items()
}
_PROGRAMS: Final[Mapping[str, tuple[str, ...]]] = {
    "host": ("host", "hostname", "_HOSTNAME", "host.name", '$["host.name"]', "MachineName"),
    "process": (
        "pid",
        "process_id",
        "processId",
        "_PID",
        "process.pid",
        '$["process.pid"]',
        "ProcessId",
        "record.process.id",
    ),
    "container": (
        *("container", "container_id", "containerId", "container_name", "CONTAINER_ID"),
        *("container.id", "kubernetes.container_id", "docker.container_id", '$["container.id"]'),
    ),
    "pod": (
        *(
            "pod",
            "pod_name",
            "podName",
            "kubernetes.pod_name",
            "kubernetes.pod.name",
            "resource.labels.pod_name",
        ),
        *('$["kubernetes.pod.name"]', '$["k8s.pod.name"]'),
    ),
    "instance": (
        "instance",
        "instance_id",
        "instanceId",
        "logStream",
        "logStreamName",
        "resource.labels.instance_id",
    ),
    "bot": ("bot", "bot_id", "botId", "bot_name", "botName"),
    "strategy": ("strategy", "strategy_id", "strategyId", "strategy_name", "strategyName"),
    "user": ("user", "user_id", "userId", "username"),
}
_STEPS: Final[Mapping[str, tuple[Steps, ...]]] = {
    kind: tuple(map(steps, names)) for kind, names in {**_CALLS, **_PROGRAMS}.items()
}
_FIRST: Final = frozenset(path[0] for paths in _STEPS.values() for path in paths)
_LONGEST: Final = 200  # bytes of a name
_text: Final = msgspec.json.Decoder(str).decode


def context_of(line: Mapping[str, Raw]) -> Context:
    """The context of a line of JSON."""
    found = _FIRST.intersection(line)
    if not found:
        return NO_CONTEXT
    calls: list[tuple[str, str]] = []
    programs: list[tuple[str, str]] = []
    for kind, paths in _paths_from(found):
        names = (each for path in paths if (each := _name(_value_at(line, path))) is not None)
        if kind == "host":
            names = (each for each in names if not _is_of_http(each, line))
        if (name := next(names, None)) is not None:
            (calls if kind in _CALLS else programs).append((kind, name))
    return Context(tuple(calls), tuple(programs))


@cached(1_024)
def _paths_from(keys: frozenset[str | int]) -> tuple[tuple[str, tuple[Steps, ...]], ...]:
    paths = ((kind, tuple(path for path in known if path[0] in keys)) for kind, known in _STEPS.items())
    return tuple((kind, known) for kind, known in paths if known)


def _value_at(line: Mapping[str, Raw], path: Steps) -> Raw | None:
    """The value at a path; None if there is none, or if what it is in is broken or nested too deeply."""
    try:
        return at(line, path)
    except (ValueError, RecursionError):
        return None


def _name(raw: Raw | None) -> str | None:
    """A text or a number that is a name; None for anything else."""
    data = b"" if raw is None else bytes(raw)
    if not data or len(data) > _LONGEST or data[:1] in b"{[nft":
        return None
    try:
        return _meant(_text(data) if data[:1] == b'"' else data.decode())
    except ValueError:
        return None


_PLACEHOLDERS: Final = frozenset({"none", "null", "nil", "n/a", "undefined", "unknown"})


def _meant(name: str) -> str | None:
    """A name as all lines have it; None for what loggers write where there is none, such as ``-``."""
    if "." in name:
        whole, _, fraction = name.rstrip(".").partition(".")
        if not fraction.strip("0") and whole.isdecimal():
            name = whole  # an integer in a column that lacks some
        name = name.rstrip(".")
    return name if name.strip("0- ") and name.lower() not in _PLACEHOLDERS else None


def _is_of_http(host: str, line: Mapping[str, Raw]) -> bool:
    """Tell whether a host is the one that was asked, and not that of the program."""
    if _is_address(host):
        return True
    paths = _urls_from(_URLS_FIRST.intersection(line))
    urls = (bytes(raw)[:_LONGEST] for path in paths if (raw := _value_at(line, path)) is not None)
    hosts = (found[1].decode().lower() for url in urls if (found := _HOST.search(url)) is not None)
    return host.lower() in hosts


@cached(256)
def _is_address(host: str) -> bool:
    """Tell whether a host has a port, or is a venue's."""
    name, _, port = host.rpartition(":")
    return bool(name and port.isdecimal()) or ("." in host and locate(None, f"https://{host}/") is not None)


@cached(256)
def _urls_from(keys: frozenset[str | int]) -> tuple[Steps, ...]:
    return tuple(path for path in USUAL_STEPS["url"] if path[0] in keys)


_URLS_FIRST: Final = frozenset(path[0] for path in USUAL_STEPS["url"])
_HOST: Final = re.compile(rb"//([a-z0-9.-]{1,100})", re.IGNORECASE)


_NO_SIZE: Final = rb"(?![0-9.]{1,20}\s?(?:[mun]?s|bytes?)\b)"
# A word for a call with ``id`` and a value, or with a number: ``request_id=7f3a``, ``corr=12``, ``[req-12]``. What
# stands behind ``=`` and a space, or before another ``=``, is no value, and neither is a duration or a size.
_CALL: Final = re.compile(
    rb"(?<![\w/.])(?P<word>req(?:uest)?|corr(?:elation)?|trace|call)"
    rb"(?:(?:[-_ ]?id[\"']?(?:=|\s=\s|\s?:\s?)|(?:=|\s=\s)(?=\w{0,64}[0-9])" + _NO_SIZE + rb")"
    rb"[\"']?(?!n/a\b)(?P<id>[\w.-]{1,64}+)(?!=[\w\"'])"
    rb"|(?:-|\s?#)" + _NO_SIZE + rb"(?P<number>[0-9a-f-]*+(?<=[0-9])[\w-]{0,64}+))",
    re.IGNORECASE,
)
# By how the word begins.
_KINDS: Final = {b"req": "request", b"cor": "correlation", b"tra": "trace", b"cal": "call"}
_PROGRAM: Final = re.compile(
    rb"(?<![\w/.-])(?P<kind>bot|strategy|user|pod|container|instance)(?:[-_ ]?(?:id|name))?"
    rb"(?:(?:=|\s=\s)[\"']?(?!n/a\b)(?P<name>[\w.-]{1,64}+)(?!=[\w\"'])"
    rb"|(?:[-_ #]?|:\s)(?P<number>[0-9]{1,6}+)(?=[\])}>|]|:(?![0-9])))",
    re.IGNORECASE,
)
_PROCESS: Final = re.compile(rb"(?<![\w/.-])pid[ =:]\s?(?P<pid>[0-9]{2,8}+)(?![\w.])", re.IGNORECASE)
# As syslog writes it, ``bot[311]:``, behind its own times with a host. The same number is another process's where the
# word is another one; a word with a dot is of a file, which has its line there.
_TAG: Final = re.compile(
    rb"(?:(?:[a-z]{3} [ 0-3]?[0-9] [0-9:]{8}|[0-9]T[0-9:]{8}[0-9.,]{0,10}(?:Z|[+-][0-9:]{4,6}))"
    rb" (?P<host>[a-z][\w.-]{0,64}+) |(?<![\w/.-]))"
    rb"(?P<word>[a-z][\w-]{0,40}+(?:\.[0-9]{1,4})?)\[(?P<pid>[0-9]{2,8}+)\]:",
    re.IGNORECASE,
)
# As ``kubectl logs --prefix`` and ``docker compose logs`` write it, which pads all names by a space or more.
_POD: Final = re.compile(
    rb"\s*+(?:\[pod/(?P<pod>[\w./-]{1,200}+)\]|(?P<name>[a-z][\w.-]{0,100}[-_][0-9]{1,4})\s{2,40}\|\s)",
    re.IGNORECASE,
)
_OF_PROGRAM: Final = (b"bot", b"strategy", b"user", b"pod", b"container", b"instance")
# What has a number in logs and is no program: levels, threads and tasks, lines, sizes, times and counts.
_OTHERS: Final = frozenset(
    b"trace verbose debug info notice warn warning error severe critical fatal level line lines size len "
    b"length bytes count time took elapsed duration latency rtt seq attempt retry try step batch msg "
    b"message frame req request res resp response call sent recv received order orders args data item "
    b"items pool exec loop fiber coroutine routine actor dispatcher dispatch nio timer asyncio dummy".split()
)
_THREADS: Final = (b"thread", b"task", b"worker", b"executor", b"loopgroup")


def _is_program(word: bytes) -> bool:
    """Tell whether a word, with its number or without, names a program."""
    last = word.lower().replace(b"_", b"-").rstrip(b"-0123456789").rpartition(b"-")[2]
    return last not in _OTHERS and not last.endswith(_THREADS)


def context_before(before: bytes) -> Context:
    """The context of a line of text, by what stands before its first object."""
    calls: dict[str, str] = {}
    programs: dict[str, str] = {}
    lowered = before.lower()  # in most lines there is nothing of any of them
    if b"req" in lowered or b"corr" in lowered or b"trace" in lowered or b"call" in lowered:
        found = _CALL.search(before)
        while found is not None:
            _add(calls, _KINDS[found["word"][:3].lower()], found["id"], found["number"])
            found = _CALL.search(before, found.end())
    if (
        (b"|" in lowered or b"[pod/" in lowered)
        and (pod := _POD.match(before)) is not None
        and (pod["pod"] or _is_program(pod["name"]))
    ):
        _add(programs, "pod", pod["pod"] or pod["name"])
    if b"]:" in lowered and (tag := _TAG.search(before)) is not None and _is_program(tag["word"]):
        _add(programs, f"process {tag['word'].decode()}", tag["pid"])
        if tag["host"] and _is_program(tag["host"]):
            _add(programs, "host", tag["host"])
    if b"pid" in lowered and (process := _PROCESS.search(before)) is not None:
        _add(programs, "process", process["pid"])
    if any(map(lowered.__contains__, _OF_PROGRAM)):
        for found in _PROGRAM.finditer(before):
            _add(programs, found["kind"].decode().lower(), found["name"], found["number"])
    if not calls and not programs:
        return NO_CONTEXT
    return Context(tuple(sorted(calls.items())), tuple(sorted(programs.items())))


def _add(names: dict[str, str], kind: str, name: bytes | None, number: bytes | None = None) -> None:
    """Add the first name of a kind, or its first number, which may be zero."""
    if kind in names:
        return
    meant = None if name is None else _meant(name.decode())
    if number is not None:  # there is no name beside it
        meant = number.decode()
    if meant is not None:
        names[kind] = meant
