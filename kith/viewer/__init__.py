"""`kith sim view`: the simulated home from above in a browser, on this machine alone."""
