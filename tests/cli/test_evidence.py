"""Facts of a run on the page: its command and the files as they were read."""

import gzip
import re
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.cli.conftest import CANCELED, NOTED, Run

PLAIN = f"{CANCELED}\n".encode() * 10_000
FILES = {
    "plain.jsonl": PLAIN,
    "packed.jsonl.gz": gzip.compress(PLAIN),
    "cut.jsonl.gz": gzip.compress(PLAIN)[:-40] + b"\0" * 300_000,
    "wide.jsonl": PLAIN[:100].decode().encode("utf-16"),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_digests_are_those_of_the_files(run: Run, tmp_path: Path, name: str, jobs: str) -> None:
    """Size and SHA-256 are of the bytes as stored, damaged or not, whatever part of them is a record."""
    (tmp_path / name).write_bytes(FILES[name])
    run("check", name, "--output-format", "html", "-o", "page.html", "--jobs", jobs)
    page = (tmp_path / "page.html").read_text("utf-8")
    assert f"<b>{name}</b> <span>{len(FILES[name]):,} bytes" in page
    assert re.findall("[0-9a-f]{64}", page) == [sha256(FILES[name]).hexdigest()]


def test_files_in_an_archive_have_digests_of_their_own(run: Run, tmp_path: Path) -> None:
    """The size and the SHA-256 are those of the file that was packed."""
    with ZipFile(tmp_path / "day.zip", "w") as archive:
        for name, data in FILES.items():
            archive.writestr(name, data)
    run("check", "day.zip", "--output-format", "html", "-o", "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    for name, data in FILES.items():
        assert f"<b>day.zip/{name}</b> <span>{len(data):,} bytes" in page
    digests = {sha256(data).hexdigest() for data in FILES.values()}
    assert set(re.findall("[0-9a-f]{64}", page)) == digests


def test_lines_of_text_are_on_the_page(run: Run, tmp_path: Path) -> None:
    """They are no records, and neither are they lost."""
    (tmp_path / "bot.log").write_text(
        "hello\nrecv {'code': -2011, 'msg': 'Unknown order sent.'}\nbye\n", "utf-8"
    )
    source = ("--venue", "binance", "--endpoint", "DELETE /api/v3/order")
    run("check", "bot.log", *source, "--output-format", "html", "-o", "page.html")
    assert "<b>2</b> lines of text hold no record." in (tmp_path / "page.html").read_text("utf-8")


def test_the_command_is_on_the_page(run: Run, tmp_path: Path) -> None:
    """As it was given, but without secrets."""
    (tmp_path / "a b.jsonl").write_text(f"{CANCELED}\n", "utf-8")
    run("check", "a b.jsonl", "--output-format", "html", "-o", "page.html", "--severity", "info")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "cancelnorm check &#39;a b.jsonl&#39; --output-format html -o page.html --severity info" in page
    ran = run(
        "check",
        "a b.jsonl",
        "https://u:s3cr3t@127.0.0.1:9/x.jsonl?signature=s3cr3t",
        "--output-format",
        "html",
    )
    assert "s3cr3t" not in ran.out + ran.err


@pytest.mark.parametrize("level", ["error", "warning", "info"])
def test_junit_agrees_with_the_exit_code(run: Run, tmp_path: Path, level: str) -> None:
    """A test fails if the command does."""
    (tmp_path / "log.jsonl").write_text(f"{NOTED}\n", "utf-8")
    ran = run("check", "log.jsonl", "--output-format", "junit", "--severity", level)
    assert ran.code == int("<failure" in ran.out) == int(level != "error")


MEMORY = Path("/proc/self/mem")


@pytest.mark.skipif(not MEMORY.exists(), reason="only Linux has a file that can be opened and not be read")
@pytest.mark.parametrize("form", ["junit", "sarif", "html"])
def test_files_that_could_not_be_read(run: Run, tmp_path: Path, form: str) -> None:
    """A report does not pass for one of all files."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.jsonl").write_text(f"{CANCELED}\n", "utf-8")
    (tmp_path / "logs" / "b.jsonl").symlink_to(MEMORY)
    ran = run("check", "logs", "--output-format", form)
    assert ran.code == 2
    assert ran.err.startswith("cancelnorm: logs/b.jsonl: ")
    reason = ran.err.partition("\n")[0].removeprefix("cancelnorm: ")
    assert reason in ran.out
    assert {
        "junit": '<error message="logs/b.jsonl: ',
        "sarif": '"executionSuccessful":false',
        "html": "<dt>Not read</dt>",
    }[form] in ran.out
