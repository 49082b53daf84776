"""`kith demo`: a scenario of the simulated home, played on the real stack, heard, measured and checked."""
