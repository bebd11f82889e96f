"""A small newsroom on loopback, for the demo: real HTTP, three feeds, a dozen article pages."""

from monitor.cli.newsroom.server import Newsroom

__all__ = ["Newsroom"]
