"""Text as it is read aloud: a time, "Mr" or "£3.50" as words of the sentence's language."""
