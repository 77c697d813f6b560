"""The only code here that imports ExaBGP.

One small module a capability; each chooses by what the commit under test offers (a signature, an attribute), never by
its version, and does so once, outside timed code. ExaBGP is imported on the first call, not when this package is, and
what it raises then is raised by the setups: the benchmarks are discovered with whatever commit is installed, a broken
one too.
"""
