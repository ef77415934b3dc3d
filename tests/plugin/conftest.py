"""An environment in which another distribution's venue is installed beside what is tested."""

import os
import site
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

import cancelnorm

HERE = Path(__file__).parent

Python = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Python:
    """Run Python with arguments where the plug-in is installed, in a folder and with more on its path."""
    folder = tmp_path_factory.mktemp("plugin")
    venv.create(folder / "env", symlinks=True)
    program = folder / "env" / "bin" / "python"
    [packages] = (folder / "env").glob("lib/python*/site-packages")
    lines = [f"import site; site.addsitedir({path!r})\n" for path in site.getsitepackages()]
    (packages / "tested.pth").write_text("".join(lines), "utf-8")
    tested = str(Path(cancelnorm.__file__).parent.parent)

    def run(*args: str, cwd: Path = folder, path: tuple[Path, ...] = ()) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(program), *args],
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join((tested, *map(str, path)))},
        )

    pip = ("-m", "pip", "--python", str(program), "install", "--quiet", "--disable-pip-version-check")
    offline = ("--no-index", "--no-deps", "--no-build-isolation")
    installed = subprocess.run(
        [sys.executable, *pip, *offline, str(HERE)], capture_output=True, text=True, check=False
    )
    assert installed.returncode == 0, installed.stderr
    return run
