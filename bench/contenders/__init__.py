"""The servers that are measured side by side: ours, and what it is held against.

Of each a launcher for whoever measures, and beside it the program that serves.
"""
