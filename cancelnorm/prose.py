"""Texts that may be of any length: their beginning is kept, and shows no more than if the whole had been masked."""

from typing import Final

from cancelnorm.caching import cached
from cancelnorm.masking import without_secrets

__all__ = ["LONGEST_PROSE", "beginning", "cut", "prose"]

LONGEST_PROSE: Final = 4_096
"""Characters that are kept of a venue's message; the page of a firewall may have megabytes."""

# Characters behind a cut that decide about those before it: the end of a long word, the host behind a password, the
# operation behind the parameters of a login. Masks are longer than what they replace, but no more than three times.
_CONTEXT: Final = 1 << 12
_MORE: Final = "..."
_SIGN: Final = "\nsign="


@cached(1_024)
def prose(text: str) -> str:
    """Mask every secret in a text; one that is very long is cut.

    Kept for short texts, because each endpoint that may have sent an error asks for its message.
    """
    return without_secrets(text) if len(text) <= LONGEST_PROSE else beginning(text, LONGEST_PROSE)


@cached(1_024)
def beginning(text: str, width: int) -> str:
    """The same, of at most ``width`` characters; a sign at the end says that there were more.

    Kept for short texts, because many findings have the same message, the same path and the same endpoint.
    """
    shown = cut(text, width + 1)
    if len(shown) <= width and len(text) <= width + _CONTEXT:
        return shown
    return f"{shown[: width - len(_MORE)]}{_MORE}"


def cut(text: str, width: int) -> str:
    """The first ``width`` characters of a masked text; only as much of it is searched as decides about them."""
    end = width + _CONTEXT
    if len(text) <= end:
        return without_secrets(text)[:width]
    piece = text[:end]
    # A plain ``key`` is a secret where ``sign`` is a name, too, however far away.
    is_paired = "key" in piece.casefold() and "sign" in text[end - len(_SIGN) :].casefold()
    sign = _SIGN if is_paired else ""
    return without_secrets(piece + sign)[: -_CONTEXT - len(sign)][:width]
