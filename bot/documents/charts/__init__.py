"""Charts drawn from their data: one function a kind of drawing, one canvas for all."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's threads wait by spinning, and charts have no work for them
