"""Commands, one module each: options and help; the work is imported when the command runs."""
