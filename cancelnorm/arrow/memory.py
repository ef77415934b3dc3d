"""Memory of a program that only converts."""

import pyarrow as pa

__all__ = ["use_system_memory"]


def use_system_memory() -> None:
    """Take memory from the system's allocator, which returns it sooner than Arrow's own, at no cost in time."""
    pa.set_memory_pool(pa.system_memory_pool())
