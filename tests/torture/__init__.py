"""Torture: faults at random moments while answers are saved, and a count of what an acknowledgement was worth."""
