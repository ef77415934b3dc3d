"""The command line; the only place that decides to stop."""

from cancelnorm.cli.app import main

__all__ = ["main"]
