"""Command line; the only code that ends the program."""

from cancelnorm.cli.app import main

__all__ = ["main"]
