"""Where resources come from. A source lists what it has, cheaply, and gives the bytes of one of them."""
