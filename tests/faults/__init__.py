"""Nothing said is lost: real processes, clients that speak the protocol, faults, and a checker over all that happened.

`make faults` breaks everything, `make faults FAULT=F4 SECONDS=600` one thing for long. Where to look:

    faults             the list: what strikes, how often, against whom
    strikes            how each of them breaks something and mends it
    parts, workers,    the real processes with a wire (proxy) between any two of them
      cluster
    saboteur           how a worker gets a wrong clock, and dies in the worst moment
    clients            who uses all that
    history, evidence  what everybody typed, sent, was told and saw; what there is in the end
    checker            what of it must not be
    run, report        one run from the first sign-in to the verdict, and the table
    measures, figures  how long things took
    targets            the figures to reach
"""
