"""``python3 -m roadbed_verify``."""

import sys

from .command import main

if __name__ == "__main__":
    sys.exit(main())
