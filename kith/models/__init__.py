"""The models Kith hears and speaks with: which there are, where they come from, and getting them, by hash."""
