"""What chatapp costs, measured: how messages are delivered (`python -m bench`) and what files cost (`bench/files`)."""
