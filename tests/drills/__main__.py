"""`python -m tests.drills`: drills on a real server."""

import sys

from tests.drills.main import main

if __name__ == "__main__":
    sys.exit(main())
