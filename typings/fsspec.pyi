from contextlib import AbstractContextManager
from typing import BinaryIO

def open(urlpath: str, mode: str) -> AbstractContextManager[BinaryIO]: ...  # noqa: A001
