"""Rasid (راصد) watches Arabic news: it polls feeds, finds what its rules ask for, and tells people once per story."""

__version__ = "0.1.0"
