"""What files cost: `make bench-files` measures it, and prints whether what the project promises of it is reached.

A file of 100 MB goes through the app, and beside it through one plain Python process, in turn; a greenlet in the worker
counts how long nobody else had a turn. Then ten such files come at once, while others talk.
"""
