"""Recorded logs: what stands in them, as records."""

from cancelnorm.logs.compression import MissingZstdError
from cancelnorm.logs.files import files, read
from cancelnorm.logs.records import Unreadable

__all__ = ["MissingZstdError", "Unreadable", "files", "read"]
