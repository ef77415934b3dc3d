"""Version of the library, also where it runs without having been installed."""

__all__ = ["__version__"]

__version__ = "0.2.0"
