"""Other search libraries, each used by its own documentation, in an environment of its own.

The modules named after a library are run by that environment's Python, which has neither searchsvc nor what it needs:
they import the library, `kit` and the standard library.
"""
