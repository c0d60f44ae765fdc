"""What is measured rather than asserted: run by `make bench`, never part of `make test`."""
