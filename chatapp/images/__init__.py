"""What pictures and films are made of: their size, what they tell beside what they show, and small copies of them.

Nothing here decodes a picture in the server itself: `developing` starts a process for each, which runs `__main__`.
"""
