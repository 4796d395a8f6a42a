"""How fast a room feels, in a real browser: `make figures` measures what the project promises of it, and prints it.

A company of 20 rooms, one of them with 100,000 messages; one reader, on this machine, with the bundle that a company
would serve. What is timed runs from the key to the frame that shows it.
"""
