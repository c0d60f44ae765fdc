"""The product seen through clients and schemas that others wrote. `make e2e` runs it: it needs the network once."""
