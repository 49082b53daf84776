"""Culture as data: packs, their calendar, and what they let a robot do before a person has said anything."""
