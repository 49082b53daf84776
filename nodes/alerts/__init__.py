"""Alerts: the one place that writes down each call for a person and keeps it until somebody has closed it."""
