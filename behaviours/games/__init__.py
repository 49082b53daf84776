"""Games that a talk can turn into, and what they need; each can be left and taken up again."""
