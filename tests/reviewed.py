"""Write the reviewed texts anew: ``python -m tests.reviewed [VENUE…]``, of all or of some venues alone.

Read the difference before it is committed: it says what a change of the code has changed for those who use it.
"""

import sys
from collections.abc import Collection

from tests.answers import reviewed as answers
from tests.arrow import reviewed as arrow
from tests.check import reviewed as check
from tests.cli import reviewed as cli
from tests.eventmap import reviewed as eventmap
from tests.logs import reviewed as logs
from tests.reader import reviewed as reader
from tests.venues import declared, fields


def main(venues: Collection[str]) -> None:
    """Write the texts of some venues; of all, and those of no venue, where none is named."""
    fields.main(venues)
    declared.main(venues)
    check.main(venues)
    if not venues:
        answers.main()
        logs.main()
        cli.main()
        arrow.main()
        reader.main()
        eventmap.main()


if __name__ == "__main__":
    main(sys.argv[1:])
