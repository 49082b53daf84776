"""`kith bench dialogue`: what the mind understands and how it talks."""
