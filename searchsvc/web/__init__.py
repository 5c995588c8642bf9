"""What people see in a browser: the search page, and the widget for other sites."""
