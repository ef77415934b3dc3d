"""Results are kept for short texts only."""

from cancelnorm.caching import LONGEST_KEPT, cached


def test_long_texts_are_not_kept() -> None:
    """Neither alone nor as parts of what a function is asked."""
    asked: list[object] = []

    @cached(10)
    def ask(text: str | tuple[str, ...], number: int = 0) -> int:
        asked.append(text)
        return len(text) + number

    half = "a" * (LONGEST_KEPT // 2)
    short: tuple[str | tuple[str, ...], ...] = ("a", (half, half), "a" * LONGEST_KEPT)
    for text in short:
        assert [ask(text), ask(text)] == [len(text)] * 2
    assert len(asked) == 3
    long: tuple[str | tuple[str, ...], ...] = ((half, half, "a"), "a" * (LONGEST_KEPT + 1))
    for text in long:
        assert [ask(text, 1), ask(text, 1)] == [len(text) + 1] * 2
    assert len(asked) == 7
