"""Knowledge of a venue stays in its package: no other module names a venue or one of its keys."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import cancelnorm
from cancelnorm import CancelEvent, secret_names, venues
from cancelnorm.venue import Venue

PACKAGE = Path(cancelnorm.__file__).parent
MODULES = sorted(
    path
    for path in PACKAGE.rglob("*")
    if path.suffix in (".py", ".html", ".css", ".js") and "venues" not in path.parts
)


def words(venue: Venue) -> Iterator[str]:
    """Names, hosts, headers, and the keys that are no plain word like ``id``, and no field of ours."""
    yield from (venue.name, *venue.aliases, *venue.hosts, *venue.secret_texts)
    yield from (name for name in venue.secrets if "-" in name or not _is_general(name))
    if (keys := venue.socket) is not None:
        plain = (*keys.request_id, *keys.operation, *keys.parameters, *keys.answer)
        own = CancelEvent.__struct_fields__
        yield from (key for key in plain if re.search("[A-Z_0-9]", key) and key not in own)
        yield from keys.prefixes


def _is_general(name: str) -> bool:
    """Whether a name says itself that it is one of a secret, whatever venues declare."""
    return secret_names._GENERAL.search(name) is not None


def pattern(word: str) -> re.Pattern[str]:
    """A word in any spelling; a short one must be a word by itself, as ``gate`` is in ``gateway``."""
    parts = re.split(r"[-_ ]+|(?<=[a-z])(?=[A-Z])", word)
    spelled = "[-_ ]?".join(map(re.escape, parts))
    return re.compile(spelled if len(word) > 4 else rf"(?<![a-z0-9]){spelled}(?![a-z0-9])", re.IGNORECASE)


def squeezed(text: str) -> str:
    """A text without what may stand between the parts of a word: what has a word has its squeezed form."""
    return re.sub("[-_ ]", "", text).lower()


# English words in which the name of a header stands.
_HOLDING_A_NAME = re.compile("authenticat(?=e|ion)", re.IGNORECASE)
FORBIDDEN = {word: pattern(word) for venue in venues.every().values() for word in words(venue)}


def test_there_is_something_to_look_for() -> None:
    """Modules, and words of every venue."""
    assert MODULES
    assert set(venues.names()) < set(FORBIDDEN)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_venue_is_named(path: Path) -> None:
    """Neither in code nor in comments."""
    text = _HOLDING_A_NAME.sub("", path.read_text("utf-8"))
    plain = squeezed(text)
    possible = [found for word, found in FORBIDDEN.items() if squeezed(word) in plain]
    assert [match[0] for found in possible if (match := found.search(text))] == []
