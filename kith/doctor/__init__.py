"""What is ready on this machine, what is not, and what to do: quick, without loading any model."""
