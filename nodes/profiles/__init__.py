"""The one writer of the home's profiles, and their server."""
