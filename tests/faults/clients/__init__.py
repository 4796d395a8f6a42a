"""Clients that speak the protocol by the rules of the browser, and many of them at once.

wire                    HTTP and Socket.IO, as bytes
person                  a sign-in, which several tabs may share
tab, client             one tab: it comes, stays, loses its connection and comes back
outbox, writer          its writing half
room_copy, reader       its reading half
crowd                   all of them
"""
