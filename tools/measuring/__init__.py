"""Measure commits with asv, and say what that costs."""
