"""Clients that speak the protocol by the rules of the browser, and many of them at once.

wire                    HTTP and Socket.IO, as bytes
person                  a sign-in, which several tabs may share
tab, client             one tab: it comes, stays, loses its connection and comes back
outbox, writer          its writing half
room_copy, reader       its reading half
badges, read_pointer,   what is unread in it, and how its person reads
  looker
room_parts              what stands above its log
people_here             who else seems to be here
keeper                  who gives the rooms other names
crowd                   all of them
"""
