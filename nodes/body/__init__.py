"""The laptop as a body (microphone and loudspeaker, no wheels), and the sound logic that every body shares."""
