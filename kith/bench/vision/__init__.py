"""What the robot sees, measured on pictures of the simulated home of which the truth is known."""
