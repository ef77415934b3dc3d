"""Requests and answers over HTTP in lines of text, and the errors and exceptions that repeat them."""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from cancelnorm import venues
from cancelnorm.logs.ccxt_lines import Printed, failed
from cancelnorm.logs.dotnet import Exchanges
from cancelnorm.logs.error_lines import ErrorLines
from cancelnorm.logs.exception_causes import Cause
from cancelnorm.logs.gathered import answers_within
from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.plain_bodies import plain_body, said_behind
from cancelnorm.logs.statuses import FAILURES
from cancelnorm.logs.surroundings import is_envelope
from cancelnorm.logs.text_errors import (
    error_in,
    is_of_others,
    is_sent_again,
    lost_in,
    message_in,
)
from cancelnorm.logs.text_frames import in_dialect
from cancelnorm.logs.text_log import TextLog
from cancelnorm.logs.text_marks import is_silent, may_lose, may_say_words
from cancelnorm.logs.text_objects import Found
from cancelnorm.logs.text_printed import broken_answer, failure_of, is_timeout, quoted_answer
from cancelnorm.logs.text_senders import broken_object
from cancelnorm.logs.text_words import NOTHING, Words, may_ask, status_in, words
from cancelnorm.logs.timestamps import leading
from cancelnorm.logs.urls import locate

__all__ = ["HttpLines"]


_ENDING: Final = re.compile(rb"--> END (?:DELETE|PATCH|POST|PUT)\b")
# The first line of a page of a server on the way, or what a client says of an answer.
_SAID: Final = re.compile(
    r"(?<![\w.:])(?:(408|418|429|5[0-9]{2})[: ]{1,2}"
    r"(?:Bad Gateway|Gateway Time|Internal Server|Request Time|Service |Too Many|I'm a)"
    r"|HTTP response [^{}]{0,60} - ([1-5][0-9]{2})$)"
)
_PAGE: Final = re.compile(rb"<(?:!doctype |html\b)", re.IGNORECASE)
_NO_WORDS: Final = re.compile(r"[^A-Za-z]*(?:(?:DEBUG|INFO|WARN|ERROR)[^A-Za-z]*)?")
_FIELDS: Final = frozenset({"service", "level", "logger", "label", "hostname", "pid", "module"})  # of loggers
_CHAINED: Final = b"bove exception"  # "During handling of the above exception, another exception occurred"
_OBJECT: Final = re.compile(r"[{]\s*+[\"'][\w-]++[\"']\s*+:")  # which a line begins and does not end
_FAILURE: Final = 400  # and any status above


def _said_in(text: str) -> int | None:
    """The status in the title of a page, or behind what .NET says of an answer; None if there is none."""
    said = _SAID.search(text.rstrip())
    return None if said is None else int(said[1] or said[2])


def _answer_behind(asked: Words, text: str, number: int, at: int | None, line: bytes) -> Printed | None:
    """The answer in the line of its request that is no whole object; None if there is none."""
    behind = said_behind(text.partition(asked.url or "")[2].encode("utf-8", "surrogateescape"))
    body = broken_object(line, []) or plain_body(line) or (None if behind is None else behind[1])
    return broken_answer(asked, asked.status, number, at, "", line, body)


class HttpLines:
    """The reader of these lines of one log."""

    def __init__(self, log: TextLog) -> None:
        self._log = log
        self.errors = ErrorLines(log)
        self._exchanges = Exchanges(log.conversation)

    # --- Lines without an object ---

    def without_object(self, number: int, line: bytes) -> Iterable[Item]:
        """Read a line without an object."""
        if (self._log.bodies.is_open and self._is_body(number, line)) or is_silent(line):
            pass
        elif _CHAINED in line:
            self._log.conversation.told.chain(number)
            self._log.causes.chain(number)
        elif _PAGE.match(line) and self._log.conversation.statuses.end_page(number, self._log.channel()):
            pass
        else:
            if b"--> END" in line and _ENDING.search(line):
                self._log.bodies.end()
            if b"[]" in line and b"/" not in line and self._is_empty(line):
                self._log.conversation.nameless.end_empty(number, self._log.channel())
            elif may_say_words(line):
                return self._words_alone(number, line)
            if may_lose(line):
                self._lost(number, line.decode("utf-8", "surrogateescape"))
        self._log.text_lines += 1
        return ()

    def _is_body(self, number: int, line: bytes) -> bool:
        """Tell whether a line is the body of a request, and no object."""
        text = leading(line.decode("utf-8", "surrogateescape"), self._log.zone)[1]
        return self._log.bodies.takes_line(number, text)

    def _is_empty(self, line: bytes) -> bool:
        """Tell whether a line has an empty array, and no words but those of an answer."""
        text = self._log.leading(line.decode("utf-8", "surrogateescape").rstrip())[1]
        before, _, behind = text.rpartition("[]")
        return not behind and (
            words(before).direction == "received" or _NO_WORDS.fullmatch(before) is not None
        )

    def _words_alone(self, number: int, line: bytes) -> Iterator[Item]:
        log = self._log
        text = line.decode("utf-8", "surrogateescape")
        begun = _OBJECT.search(text)
        before = text[: begun.start()] if begun is not None else text
        at, said = log.leading(text)
        error = error_in(said, partial(self._venue, before))
        beside = words(before) if may_ask(before) else NOTHING
        if error is not None:
            if beside.url is None and log.is_of_other(
                (error.venue,), error.body, log.tried(said[: error.start])
            ):
                log.text_lines += 1
                return
            part = quoted_answer(error, beside.url, number, at, line)._replace(method=beside.method or "")
            if beside.url is None:
                self.errors.keep(part)  # its request may be in the next line
            else:
                yield from log.conversation.quote(part, None, log.source(number), log.channel())
            return
        if (message := message_in(text)) is not None:
            self.errors.note(number, message)
        failure = failed(text, number, line)
        if failure is not None:
            log.has_requests = True
            yield from log.conversation.fail(failure, log.request_source(number), log.channel())
        elif beside.url is None:
            is_end = self._exchanges.is_end(text)
            status = status_in(before) or _said_in(text)
            if status is not None and not is_end and not is_of_others(text):
                log.bodies.end()
                channel, is_page = log.channel(), _PAGE.search(line) is not None
                if not (is_page and log.conversation.statuses.end_page(number, channel, status)):
                    log.conversation.statuses.begin_near(None, status, number, channel, is_whole=is_page)
            if may_lose(line):
                self._lost(number, text)
            self._log.text_lines += 1
        elif beside.url.startswith("ws"):
            if "connect" in text.casefold():
                log.connect(beside.url)
        elif beside.method is None:
            if beside.status is not None:
                log.bodies.end()
                is_known = log.conversation.statuses.begin(
                    None, beside.url, beside.status, number, log.channel()
                )
                if not is_known and beside.status >= _FAILURE:
                    log.causes.add(Cause(beside.url, beside.status, number, log.channel()))
            elif may_lose(line):
                self._lost(number, text, beside.url)
            self._log.text_lines += 1
        else:
            asked = Printed(beside.method, beside.url, "", False, number, at=at, raw=line)
            yield from self._of_request(asked, beside, text, said)

    def _of_request(self, asked: Printed, beside: Words, text: str, said: str) -> Iterator[Item]:
        """Read a line that names a request and has no object; ``said`` is its text without the time."""
        log, line = self._log, asked.raw or b""
        conversation = log.conversation
        if (beside.is_exception and beside.status in FAILURES) or is_timeout(beside, text):
            log.has_requests = True
            failure = failure_of(beside, asked.method, asked.url, asked.line, line)
            yield from conversation.fail(failure, log.request_source(asked.line), log.channel())
        elif beside.is_exception and (beside.status is not None or conversation.is_known(asked, None)):
            log.text_lines += 1  # its body has an answer, or it repeats a request
        elif beside.status is None and (lost := lost_in(text, is_named=True)) is not None:
            is_known = conversation.is_known(asked, None)
            if not (is_known or conversation.statuses.waits_at(*asked[:2], asked.line, log.channel())):
                log.ask(asked)  # it may be no more than an option of the request
                lost = lost._replace(is_sure=False)
            if lost.is_sure or lost.is_timeout:
                conversation.statuses.lose(asked.url, asked.line, log.channel(), lost)
            log.text_lines += 1
        elif (
            "?" in asked.url
            and is_sent_again(text.replace(asked.url, " "))
            and conversation.lines_at(asked.method, asked.url)
        ):
            log.text_lines += 1
        else:
            answer = None
            if beside.status is not None:
                answer = _answer_behind(beside, text, asked.line, asked.at, line)
            if answer is not None and conversation.may_cancel(answer):
                log.bodies.end()
                yield from conversation.answer(answer, log.source(asked.line), channel=log.channel())
                return
            before = said.partition(asked.method)[0]
            if self._exchanges.is_sent(before, asked):
                log.text_lines += 1
            else:
                self._ask(beside, self._form(beside, asked.line), asked.line, asked.at, "", line, before)

    def _venue(self, said: str) -> str | None:
        """The venue that words, the log, or the host of a URL over HTTP name."""
        beside = words(said)
        url = beside.url if beside.url is not None and beside.url.startswith("http") else None
        address = None if url is None else locate(None, url, hosts=self._log.options.hosts)
        of_host = None if address is None else address.venue
        venue = venues.find(beside.venue or self._log.named() or of_host or "")
        return None if venue is None else venue.name

    def _lost(self, number: int, text: str, url: str | None = None) -> None:
        """Note what a line may say of a request that waited in vain."""
        lost = self._log.lost_in(text)
        if lost is not None:
            self._log.conversation.statuses.lose(url or lost.host, number, self._log.channel(), lost)

    # --- Requests and answers ---

    def http(
        self,
        url: Words,
        beside: list[Words],
        bodies: list[tuple[Found, Words]],
        number: int,
        at: int | None,
        headers: str,
        raw: bytes | None,
        broken: bytes | None,
        behind: bytes,
    ) -> Iterator[Item]:
        """Read a line with the request line of HTTP and objects: a request, an answer, or both.

        An answer that may be to a cancel is one even if its object is ``broken``, or if it is no object and stands
        ``behind`` its request.
        """
        status = next((said.status for said in reversed(beside) if said.status is not None), None)
        if status is not None:
            self._log.bodies.end()
        bodies = self._without_fields(url, bodies, number)
        cut = broken_answer(url, status, number, at, headers, raw, broken)
        if cut is not None and self._log.conversation.may_cancel(cut):
            yield from self._log.conversation.answer(
                cut, self._log.source(number), channel=self._log.channel()
            )
            return
        asked = None
        plain = said_behind(behind) if len(bodies) == 1 and status is None else None
        if len(bodies) > 1 or plain is not None:
            asked = Printed(
                url.method or "",
                url.url or "",
                _text(bodies[0][0]),
                False,
                number,
                headers=headers,
                at=at,
                raw=raw,
            )
        if asked is not None and plain is not None:
            answer = broken_answer(url, plain[0], number, at, headers, raw, plain[1])
            if answer is not None:
                yield from self._log.conversation.answer(
                    answer, self._log.source(number), channel=self._log.channel(), named=asked
                )
            return
        if len(bodies) > 1:
            self._ask(url, _text(bodies[0][0]), number, at, headers, raw)
        body, said = bodies[-1] if bodies else (None, url)
        is_answer = status is not None or len(bodies) > 1
        alone = Printed(url.method or "", url.url or "", "", False, number)
        if body is not None and not is_answer and said.direction != "sent":
            is_received = said.direction == "received" or self._log.conversation.may_answer(alone, body.json)
            is_answer = is_received and not self._log.conversation.takes(alone, _text(body))
        if body is None or not is_answer:
            asked_for = "" if body is None else _text(body)
            if not asked_for or not self._log.conversation.takes(alone, asked_for):
                asked_for = self._form(url, number) or asked_for  # before the fields of a logger
            self._ask(url, asked_for, number, at, headers, raw)
            return
        if len(bodies) == 1 and (form := self._form(url, number)):
            self._ask(url, form, number, at, headers, raw)
        part = Printed(
            url.method or "",
            url.url or "",
            _text(body),
            False,
            number,
            None,
            status,
            headers,
            at,
            raw,
        )
        for item in self._log.conversation.answer(
            part, self._log.source(number), channel=self._log.channel(), named=asked
        ):
            yield in_dialect(item, body)

    def _without_fields(
        self, url: Words, bodies: list[tuple[Found, Words]], number: int
    ) -> list[tuple[Found, Words]]:
        """The objects of a line without the fields that a logger put behind its message, as zap and winston do."""
        if len(bodies) < 2 or bodies[-1][1] != NOTHING:
            return bodies
        (last, _), (before, _) = bodies[-1], bodies[-2]
        alone = Printed(url.method or "", url.url or "", "", False, number)
        conversation = self._log.conversation
        if conversation.may_answer(alone, last.json):
            return bodies
        is_answer = conversation.may_answer(alone, before.json)
        is_apart = self._log.line[before.end : last.start] == b"\t" or not _FIELDS.isdisjoint(last.members)
        is_asked = is_apart and not is_envelope(last.members) and conversation.takes(alone, _text(before))
        is_asked = is_asked and not answers_within(last.members, self._log.named())
        return bodies[:-1] if is_answer or is_asked else bodies

    def _form(self, url: Words, number: int) -> str:
        """The form behind the URL of a request, if it names orders."""
        asked = Printed(url.method or "", url.url or "", "", False, number)
        return url.form if url.form and self._log.conversation.takes(asked, url.form) else ""

    def _ask(
        self,
        url: Words,
        body: str,
        number: int,
        at: int | None,
        headers: str,
        raw: bytes | None,
        before: str = "",
    ) -> None:
        request = Printed(
            url.method or "", url.url or "", body, False, number, headers=headers, at=at, raw=raw
        )
        if url.status is None:
            self._log.ask(request)
            self._log.bodies.begin(request, before)
            return
        self._log.bodies.end()
        channel = self._log.channel()
        if not self._log.conversation.statuses.begin(
            request.method, request.url, url.status, number, channel
        ):
            self._log.ask(request)
            self._log.conversation.statuses.begin(request.method, request.url, url.status, number, channel)

    def printed(self, part: Printed | Unreadable) -> Iterator[Item]:
        """Read a request or an answer that ccxt printed."""
        if isinstance(part, Unreadable):
            yield Item(part)
        elif part.status is None:
            self._log.ask(part, is_certain=True)
        else:
            yield from self._log.conversation.answer(
                part, self._log.source(part.line), channel=self._log.channel()
            )


def _text(found: Found) -> str:
    return found.json.decode("utf-8", "surrogateescape")
