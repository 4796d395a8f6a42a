"""The people of a benchmark: thousands of connections in one process of their own, on one epoll.

They speak WebSocket, Engine.IO and Socket.IO by hand: a client library would cost more than the servers that are
measured.
"""
