"""Culture packs as people read them."""
