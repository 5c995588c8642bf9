"""Files as they look, for the reader: values that a child makes and that pages write out, escaped."""
