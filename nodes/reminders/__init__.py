"""Reminders: when each is due, who may say it, what became of it. Nothing is lost by a crash."""
