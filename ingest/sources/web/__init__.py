"""What is on the web, asked for with manners and with care."""
