"""Strangers and insiders who mean harm: real workers, honest members who go on talking, and one attack after the other.

`make attack` runs them all, `make attack ATTACK=fragments` one. Where to look:

    attacks                the list: what is tried, how often, and what may come of it
    frames, handshakes,    how each of them is done
      heads, loris, idle, floods, readers, bus, fuzz
    raw                    a connection on which anything can be said
    target                 the server of its own, and who is there
    honest                 the members who write and read meanwhile, in a process of their own
    impatient              the same server, whose patience with the slow is over soon: for the short form
    run, report            one attack from the calm before to the verdict, and the table
    soak                   thousands who come, are refused or break off, and what of them stays
"""
