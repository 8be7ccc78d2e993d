"""`python -m tests.benchmarks`: the table of performance targets."""

import sys

from tests.benchmarks.main import main

sys.exit(main())
