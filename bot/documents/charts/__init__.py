"""Charts drawn from their data: one function a kind of drawing, one canvas for all."""
