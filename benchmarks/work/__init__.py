"""What a family of benchmarks times: ExaBGP's work on known messages, verified once, then run repeatedly.

The constructor of each work has ExaBGP do it once and raises WrongResultError where the outcome is not what `wire` says
of the octets; where the memory of the work is measured, `prove` does so. After that `prepare` puts back what a run
changes, outside the clock and outside the count, and the other methods are what is timed or counted. `messages` is how
many messages a run handles: a number is divided by that.
"""
