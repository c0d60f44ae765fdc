"""What the commands of the command line do; `typed` declares them."""
