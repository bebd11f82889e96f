"""What the readers' processes share: imported once, and kept out of the collector's way so that it stays shared."""

from __future__ import annotations

import gc

import trafilatura

import monitor.extract.pages as pages

__all__ = ["pages", "trafilatura"]

gc.collect()
gc.freeze()
