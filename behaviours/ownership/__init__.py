"""The person owns what is kept of them: asks for it, asks who said it, corrects it, has it forgotten, closes a subject.

Pure: each function takes the profile, the facts spoken of last and the words, and returns a `Reply`.
"""
