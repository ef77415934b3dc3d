"""The HTML page: content, escaping and display in a browser."""
