"""Write every reviewed text anew: ``python -m tests.reviewed``; read the difference before it is committed."""

from tests.check import reviewed as check
from tests.logs import reviewed as logs
from tests.venues import declared, fields

if __name__ == "__main__":
    for texts in (fields, declared, check, logs):
        texts.main()
