"""Calls for help, despair and refusals, composed of small meanings ("signs") that every language has words for."""
