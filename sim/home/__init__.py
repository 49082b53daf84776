"""A whole simulated home on simulated time: weeks of it pass in minutes, with the real nodes."""
