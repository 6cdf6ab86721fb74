"""`python -m coppice` is the same as `coppice`."""

import sys

from coppice.cli import main

if __name__ == "__main__":
    sys.exit(main())
