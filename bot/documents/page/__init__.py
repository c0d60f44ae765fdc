"""Paper as one self-contained HTML page, accessible, printable, without scripts or anything from elsewhere."""
