"""What browsers get: the search page, the pages of resources and people, and the widget."""
