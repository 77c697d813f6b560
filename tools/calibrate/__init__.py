"""Measure what the benchmarks notice: slow-downs and leaks put into ExaBGP one at a time, and equal code.

``python3 bootstrap.py calibrate`` writes docs/calibration.md.
"""
