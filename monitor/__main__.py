"""`python -m monitor` is `rasid`."""

from monitor.cli import main

main()
