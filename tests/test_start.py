"""What a command does before it reads the first record: counted, not timed."""

import os
import subprocess
import sys
from textwrap import dedent

from cancelnorm import venues
from tests.commands import ROOT

LOG = ROOT / "samples" / "logs" / "payloads.jsonl"
"""A log that does not say of which venue it is, so that the answers of all venues have to be known."""


def told(code: str, *arguments: str) -> list[str]:
    """What a fresh process prints that runs a command, after some code; ``end`` is called at its very end."""
    run = "atexit.register(end); from cancelnorm.__main__ import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", f"import atexit, gc, sys\n{dedent(code)}\n{run}", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.splitlines()


def test_nothing_searches_for_cycles() -> None:
    """Neither while modules and types are made, nor at the end, when nothing is there to be searched any more."""
    code = """
        from cancelnorm.__main__ import OBJECTS_BETWEEN_COLLECTIONS

        def count(phase, info):
            if phase == "start" and gc.get_threshold()[0] == OBJECTS_BETWEEN_COLLECTIONS:
                collections.append(info["generation"])

        def end():
            print(collections, gc.get_freeze_count() > 100_000, len(gc.get_objects()) < 1_000)

        collections = []
        gc.callbacks.append(count)
    """
    assert told(code, "check", str(LOG), "--output", os.devnull) == ["[] True True"]


def test_a_struct_has_one_decoder() -> None:
    """It is made for the first answer with it, and once, however many answers of its venue have it."""
    code = """
        from collections import Counter
        from cancelnorm.reader import json_decoder as module

        def count(kind):
            if isinstance(kind, type) and kind.__module__.startswith("cancelnorm.venues."):
                made[kind] += 1
            return make(kind)

        def end():
            from cancelnorm import venues

            print(len(made) < 20)
            for venue in venues.every().values():
                for endpoint in venue.endpoints.values():
                    endpoint.shape.strict_reader
            print(len(made) > 400, max(made.values()))

        made = Counter()
        make, module.json_decoder = module.json_decoder, count
    """
    assert told(code, "check", str(LOG), "--output", os.devnull) == ["True", "True 1"]


def test_a_type_has_one_reader() -> None:
    """Endpoints that answer alike share what reads the answer, until one of them learns."""
    shapes = [endpoint.shape for venue in venues.every().values() for endpoint in venue.endpoints.values()]
    readers = {shape.node: shape.strict_reader for shape in shapes}
    assert len(readers) < len(shapes)
    assert all(shape.strict_reader is readers[shape.node] for shape in shapes)


def test_a_log_loads_nothing_for_others() -> None:
    """Where all formats had to be tried, too; plug-ins, which there are none of, are looked for without a library."""
    code = """
        def end():
            print(*sorted({name.partition(".")[0] for name in sys.modules} & others), *(own & sys.modules.keys()))

        others = {"email", "pyarrow", "rich", "ssl", "yaml", "zstandard"}
        own = {"cancelnorm.logs.vcr_yaml", "cancelnorm.replay", "cancelnorm.arrow"}
    """
    assert told(code, "check", str(LOG), "--output", os.devnull) == [""]


def test_the_version_takes_no_checks() -> None:
    """Nor venues, logs and reports."""
    code = """
        def end():
            print(*sorted(name for name in sys.modules if name.count(".") == 1 and name.startswith("cancelnorm.")))
    """
    modules = set(told(code, "--version")[-1].split())
    assert "cancelnorm.cli" in modules
    assert not {f"cancelnorm.{name}" for name in ("check", "logs", "report", "venues")} & modules
