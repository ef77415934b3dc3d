"""Tests of the mapping from a struct to events."""
