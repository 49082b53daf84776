"""What a sentence means: safety first, then intents, answers, topics and facts. Every result says why."""
