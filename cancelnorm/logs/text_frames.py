"""Frames in lines of text, and answers without their request line."""

from functools import partial
from typing import Final

from msgspec.structs import replace

from cancelnorm import recognition
from cancelnorm.logs.cancel_at import cancel_at, is_of_other, other_at
from cancelnorm.logs.ccxt_lines import Printed
from cancelnorm.logs.frame_keys import Members
from cancelnorm.logs.item import Item, Unreadable
from cancelnorm.logs.named_venues import NamedVenue
from cancelnorm.logs.placements import (
    asks_to_place,
    is_before_placed,
    says_placed,
    tells_no_end,
)
from cancelnorm.logs.text_log import TextLog
from cancelnorm.logs.text_objects import Found
from cancelnorm.logs.text_senders import (
    EMPTY,
    has_many_keys,
    is_about_order,
    likely_sender,
    raw_answer,
    senders,
)
from cancelnorm.logs.text_words import Words
from cancelnorm.logs.urls import locate, unknown_host
from cancelnorm.logs.websocket import Channel, Frames
from cancelnorm.record import Record

__all__ = ["frame_in", "in_dialect"]


def frame_in(
    log: TextLog, body: Found, said: Words, at: int | None, url: str | None, number: int, raw: bytes | None
) -> tuple[Record | Unreadable | None, bool]:
    """Read a frame, or an answer without its request line: what it is, and whether it is one at all."""
    if said.is_raw or body.json in EMPTY:
        log.conversation.nameless.end_empty(number, log.channel(url))
        return None, False
    data, members = raw_answer(body.json, body.members)
    told = log.conversation.told
    is_of_other = _is_of_other(log, said, data)
    if is_of_other or (said.is_exception and log.is_raised(told.passed(data, number), number)):
        if told.passed(data, number) != number:  # a line of JSON may have its text in two members
            told.pass_over(data, number)
            log.conversation.pass_over(data, number, log.channel(url), at)
        log.text_lines += 1
        return None, True
    named = NamedVenue(said, data, members)
    is_of_ccxt = data is not body.json
    if is_of_ccxt:
        body = body._replace(is_printed=True)  # if as JSON
    channel = log.channel(url)
    is_answer = said.direction == "received" and not said.is_exception
    if told.is_repeated(data, said) and not (
        is_answer and log.conversation.nameless.is_another(number, data, channel)
    ):
        told.repeat()
        return None, True
    if url is None and said.direction != "sent":
        begun = log.conversation.nameless.begun(number, data, channel)
        if begun:
            return _received(log, body, data, tuple(begun), said, at, channel, number)
    venue = log.venue_at(url)
    is_received = said.direction == "received" or said.is_exception
    if venue is None and named.likely is not None:
        is_certain = said.is_exception or likely_sender(data, members, named.likely) is not None
        venue = named.likely if is_certain else None
    is_likely = is_received or is_of_ccxt or has_many_keys(members)
    sent_by = likely_sender(data, members, venue, is_of_ccxt=is_of_ccxt) if is_likely else None
    if sent_by is not None and named.allows(sent_by, venue):
        return _received(log, body, data, (sent_by,), said, at, channel, number)
    if log.frames.are_request(members, venue):
        log.send(data, at, venue, url, number, raw)
        return None, True
    if said.direction == "sent" and log.options.venue is None and log.frames.are_request(members, None):
        log.send(data, at, None, url, number, raw)  # a log may be of several venues
        return None, True
    found = log.frames.asked(data, members, channel)
    is_asked = bool(found)
    found = found or senders(
        data, members, venue, is_likely=is_likely, is_received=is_received, is_quoted=is_of_ccxt
    )
    if (
        not found and venue is not None and log.options.venue is None
    ):  # of a connection, beside which others are
        other = recognition.recognise(data)
        found = (other,) if other is not None else tuple(log.conversation.nameless.awaiting(data, channel))
    if not found and is_likely and venue is not None:
        other = likely_sender(data, members, None)  # a log may be of several venues
        found = (other,) if other is not None else ()
    if found and not is_asked:
        found = tuple(name for name in found if named.allows(name, venue)) or named.senders(found)
    if found:
        return _received(log, body, data, found, said, at, channel, number)
    if body.is_abridged and ((is_received and is_about_order(data)) or _is_of_cancel(data, members)):
        return Unreadable(log.source(number), "line", _ABRIDGED), True
    stream = log.unknown_stream(url) if is_received or url is not None else None
    if stream is not None:
        return Unreadable(log.source(number), "venue", unknown_host(stream)), True
    return None, False


def _is_of_other(log: TextLog, said: Words, data: bytes) -> bool:
    """Tell whether an object is an error of something else than a cancel, as the words before it say.

    An exception quotes what its words are about, also where a cancel waits.
    """
    if said.tried is None:
        return False
    named = said.venue or log.named()
    names = recognition.takers(data) if named is None else (named,)
    if said.is_exception:
        return is_of_other(names, data, said.tried)
    return log.is_of_other(names, data, said.tried)


def _is_of_cancel(data: bytes, members: Members) -> bool:
    """Tell whether an object has the keys of an answer and the word for a cancel, whatever was left out of it."""
    return b"cancel" in data.lower() and bool(members) and bool(recognition.senders(members)[0])


def _received(
    log: TextLog,
    body: Found,
    data: bytes,
    sent_by: tuple[str, ...],
    said: Words,
    at: int | None,
    channel: Channel,
    number: int,
) -> tuple[Record | Unreadable | None, bool]:
    """Read what a venue sent, or one of several."""
    location, conversation = log.source(number), log.conversation
    if len(sent_by) == 1 and has_many_keys(body.members):
        log.add_sender(number, sent_by[0])
    words, before = log.beside(number)
    is_placed = partial(_is_placed, log, body, data, sent_by, words, channel, number)
    if says_placed(words) and not conversation.nameless.is_named(data, channel) and is_placed():
        conversation.pass_over(data, number, channel, at)
        return None, True
    if body.is_abridged:
        if asked := conversation.nameless.answered(number, data, channel, at):
            conversation.doubt(asked, channel)
        return Unreadable(location, "line", _ABRIDGED), True
    conversation.told.add_body(data, number)
    asked, asked_in = _caused(log, data, sent_by, number) if said.is_exception else None, None
    if asked is None:
        asked = conversation.nameless.answered(number, data, channel, at, said.status)
        asked_in = None if asked is None else asked.line
    asked = asked or conversation.nameless.elsewhere(number, data, channel)
    if asked is not None:
        text = data.decode("utf-8", "surrogateescape")
        part = Printed(asked.method, asked.url, text, False, number, None, asked.status, "", at)
        answers = list(conversation.answer(part, location, said, channel=channel, asked_in=asked_in))
        return (in_dialect(answers[0], body).found, True) if answers else (None, True)
    if is_before_placed(before) and not conversation.nameless.awaiting(data, channel) and is_placed():
        return None, True
    if len(sent_by) > 1:
        sent_by = tuple(log.named_near(number, conversation.nameless.senders(sent_by, data, channel)))
    if len(sent_by) > 1 and asks_to_place(data):
        log.text_lines += 1
        return None, True
    if len(sent_by) > 1:
        reason = f"{' and '.join(sent_by)} send such a frame; name the venue with --venue"
        return Unreadable(location, "venue", reason), True
    frames = (
        Frames(log.options) if conversation.told.is_again else log.frames
    )  # what is told twice answers nothing
    found = frames.receive(data, at, sent_by[0], location, channel)
    return (None, True) if found is None else (in_dialect(Item(found), body).found, True)


def _is_placed(
    log: TextLog,
    body: Found,
    data: bytes,
    sent_by: tuple[str, ...],
    words: bytes,
    channel: Channel,
    number: int,
) -> bool:
    """Pass an answer over that words call a placement's, if it is to no request over a WebSocket and tells no end."""
    if body.is_abridged or log.frames.asked(data, body.members, channel):
        return False
    if not tells_no_end(sent_by, data, words):
        return False
    log.conversation.told.pass_over(data, number)
    log.text_lines += 1
    return True


def _caused(log: TextLog, data: bytes, sent_by: tuple[str, ...], number: int) -> Printed | None:
    """The request of the error because of which an exception was raised, where its endpoint is certain."""
    cause = log.causes.take(number, log.channel())
    address = None if cause is None else locate(None, cause.url, hosts=log.options.hosts)
    if cause is None or address is None or address.venue not in sent_by:
        return None
    endpoint = address.endpoint or cancel_at(address.venue, cause.url, data, cause.status)
    endpoint = endpoint or other_at(cause.url, data, log.options.hosts)
    return None if endpoint is None else Printed("", cause.url, "", False, cause.line, status=cause.status)


_ABRIDGED: Final = "console.log left out parts of this object; print the JSON of it"


def in_dialect(item: Item, body: Found) -> Item:
    """The same item; what a program printed may have its integers in quotes, as ccxt parses them."""
    if not body.is_printed or not isinstance(item.found, Record):
        return item
    return Item(replace(item.found, dialect="quoted-numbers"), item.raw)
