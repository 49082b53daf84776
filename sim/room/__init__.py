"""The room as sound: what everybody in it says, mixed to what a microphone hears."""
