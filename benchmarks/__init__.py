"""Measurements against the peers, each a command of its own. `make bench` runs them."""
