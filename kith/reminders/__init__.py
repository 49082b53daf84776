"""The reminders of a home for the command line, whether the home runs or not."""
