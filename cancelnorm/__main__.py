"""The command ``cancelnorm``, also as ``python -m cancelnorm``."""

import atexit
import gc
import signal
import sys
from typing import Final

__all__ = ["OBJECTS_BETWEEN_COLLECTIONS", "main"]

# Modules and records contain few reference cycles, so frequent garbage collection would waste time.
OBJECTS_BETWEEN_COLLECTIONS: Final = 200_000  # more than a start makes


def main() -> int:
    """Run the command line and give its exit code; say what to install where it cannot run."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C during the imports gives no traceback
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)  # inherited by forked processes
    atexit.register(gc.freeze)  # or Python would search everything for cycles three times before it ends
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
