"""Safety: the only publisher of velocities. Whatever it is not sure of, it stops."""
