"""What answers are taken for."""
