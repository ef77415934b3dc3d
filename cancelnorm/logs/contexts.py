"""The context of a line of a log: the call that it is about, and the program that wrote it."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec
from msgspec import Raw

from cancelnorm.caching import cached
from cancelnorm.logs.json_path import Steps, at, steps

__all__ = ["NO_CONTEXT", "Context", "context_before", "context_of"]


class Context(NamedTuple):
    """What a line says of its call, and of its program, by the kind of name; nothing where it says nothing.

    A request and its answer have the same context, as far as both have one. Names of threads and of loggers are none:
    one may send what another one receives.
    """

    call: str | None = None
    program: tuple[tuple[str, str], ...] = ()

    def may_be(self, other: "Context") -> bool:
        """Whether two lines may be of one call."""
        if self == other:
            return True
        if self.call is not None and other.call is not None and self.call != other.call:
            return False
        known = dict(other.program) if self.program else {}
        return all(known.get(kind, name) == name for kind, name in self.program)


NO_CONTEXT: Final = Context()

_CALL_WORDS: Final = ("request", "req", "x-request", "correlation", "corr", "call", "trace")
_CALLS: Final = (
    *(f"{word}{end}" for word in _CALL_WORDS for end in ("_id", "-id", "Id", "ID")),
    *(
        "x_request_id",
        "RequestId",
        "CorrelationId",
        "TraceId",
        "trace.id",
        '$["trace.id"]',
        '$["dd.trace_id"]',
    ),
)
_PLAIN: Final = ("request_id", "requestId", "RequestId", "correlation_id", "trace_id", "traceId")
_WITHIN: Final = ("extra", "record.extra", "context", "fields", "mdc", "Properties")  # of loggers' own names
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
_WAYS: Final = (*_CALLS, *(f"{outer}.{name}" for outer in _WITHIN for name in _PLAIN))
_STEPS: Final[Mapping[str, tuple[Steps, ...]]] = {
    kind: tuple(map(steps, names)) for kind, names in {"call": _WAYS, **_PROGRAMS}.items()
}
_FIRST: Final = frozenset(path[0] for paths in _STEPS.values() for path in paths)
_LONGEST: Final = 200  # bytes of a name
_text: Final = msgspec.json.Decoder(str).decode


def context_of(line: Mapping[str, Raw]) -> Context:
    """The context of a line of JSON."""
    found = _FIRST.intersection(line)
    if not found:
        return NO_CONTEXT
    named = []
    for kind, paths in _paths_from(found):
        name = next((each for path in paths if (each := _name(at(line, path))) is not None), None)
        if name is not None:
            named.append((kind, name))
    call = next((name for kind, name in named if kind == "call"), None)
    return Context(call, tuple(each for each in named if each[0] != "call"))


@cached(1_024)
def _paths_from(keys: frozenset[str | int]) -> tuple[tuple[str, tuple[Steps, ...]], ...]:
    paths = ((kind, tuple(path for path in known if path[0] in keys)) for kind, known in _STEPS.items())
    return tuple((kind, known) for kind, known in paths if known)


def _name(raw: Raw | None) -> str | None:
    """A text or a number that is a name; None for anything else."""
    data = b"" if raw is None else bytes(raw)
    if not data or len(data) > _LONGEST or data[:1] in b"{[nft":
        return None
    try:
        return (_text(data) if data[:1] == b'"' else data.decode()) or None
    except ValueError:
        return None


# A word for a call with ``id`` and a value, or with a number: ``request_id=7f3a``, ``corr=12``, ``[req-12]``.
_CALL: Final = re.compile(
    rb"(?<![\w/.])(?:req(?:uest)?|corr(?:elation)?|trace|call)"
    rb"(?:(?:[-_ ]?id[\"']?\s?[=:]\s?|\s?=\s?(?=\w{0,64}[0-9]))[\"']?(?P<id>[\w.-]{1,64}+)"
    rb"|\s?[-#](?P<number>[0-9a-f-]*+(?<=[0-9])[\w-]{0,64}+))",
    re.IGNORECASE,
)
_PROGRAM: Final = re.compile(
    rb"(?<![\w/.-])(?P<kind>bot|strategy|user|pod|container|instance)(?:[-_ ]?(?:id|name))?"
    rb"(?:\s?=\s?[\"']?(?P<name>[\w.-]{1,64}+)|(?:[-_ #]?|:\s)(?P<number>[0-9]{1,6}+)(?=[\])}:>|]))",
    re.IGNORECASE,
)
_PROCESS: Final = re.compile(
    rb"(?<![\w/.-])(?:pid[ =:]\s?|(?:(?<=[0-9Z] )(?P<host>[a-z][\w.-]{0,64}) )?[a-z][\w.-]{1,40}\[)"
    rb"(?P<pid>[0-9]{2,8}+)(?![\w.])",
    re.IGNORECASE,
)
_POD: Final = re.compile(rb"\s*+(?:\[pod/([\w./-]{1,200}+)\]|([\w.-]{1,100}-[0-9]{1,4})\s{1,40}\|\s)")
_OF_PROGRAM: Final = (b"bot", b"strategy", b"user", b"pod", b"container", b"instance")


def context_before(before: bytes) -> Context:
    """The context of a line of text, by what stands before its first object."""
    call = None
    named = {}
    lowered = before.lower()  # in most lines there is nothing of any of them
    if b"req" in lowered or b"corr" in lowered or b"trace" in lowered or b"call" in lowered:
        call = _CALL.search(before)
    if (b"|" in lowered or b"[pod/" in lowered) and (pod := _POD.match(before)) is not None:
        named["pod"] = pod[1] or pod[2]
    if (b"[" in lowered or b"pid" in lowered) and (process := _PROCESS.search(before)) is not None:
        named["process"] = process["pid"]
        if process["host"]:
            named["host"] = process["host"]
    if any(map(lowered.__contains__, _OF_PROGRAM)):
        for found in _PROGRAM.finditer(before):
            named.setdefault(found["kind"].decode().lower(), found["name"] or found["number"])
    if call is None and not named:
        return NO_CONTEXT
    program = tuple((kind, name.decode("utf-8", "replace")) for kind, name in sorted(named.items()))
    return Context(
        None if call is None else (call["id"] or call["number"]).decode("utf-8", "replace"), program
    )
