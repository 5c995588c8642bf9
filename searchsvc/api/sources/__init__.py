"""Where resources come from by themselves, over HTTP."""
