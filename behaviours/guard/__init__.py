"""What a sentence that was made up by a language model must pass before it is spoken."""
