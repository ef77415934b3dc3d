"""The command ``cancelnorm``, also as ``python -m cancelnorm``."""

import sys

__all__ = ["main"]


def main() -> int:
    """Run the command line and give its exit code; say what to install where it cannot run."""
    try:
        from cancelnorm import cli  # Click and Rich are an extra

        return cli.main()
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("click", "rich"):
            raise
        sys.stderr.write("cancelnorm: the command line is an extra: pip install 'cancelnorm[cli]'\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
