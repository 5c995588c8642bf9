"""Captions of recordings, as WebVTT and SubRip have them."""
