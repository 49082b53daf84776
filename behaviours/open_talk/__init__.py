"""Open talk by a local language model, off by default. Every sentence passes the guard before it is spoken."""
