"""What a robot expects of one person's tastes: a prior from their culture, moved by their own answers."""
