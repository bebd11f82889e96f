"""Wording: an alert as each service shows it. Pure."""

from __future__ import annotations
