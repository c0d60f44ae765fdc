"""Nothing of this folder runs in `make test`: it needs node, Chromium and packages from npm."""

import os

collect_ignore_glob = [] if os.environ.get("E2E") == "1" else ["test_*.py"]
