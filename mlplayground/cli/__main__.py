"""``python -m mlplayground.cli``, for where the script is not on the path."""

from __future__ import annotations

import sys

from mlplayground.cli.main import main

sys.exit(main())
