"""The mind's tree, drawn and watched."""
