"""The one kind of error that is meant for a person to read."""


class KithError(Exception):
    """A problem its reader can mend. The text is one line: what is wrong and what to do; no personal data."""
