"""The command ``python -m tests.day``: write the logs and the table of the truth."""

import gzip

from tests.day import FOLDER
from tests.day.writing import files

for name, content in files().items():
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    print(path.relative_to(FOLDER))
