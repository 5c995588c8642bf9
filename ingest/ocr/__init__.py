"""Text that is only to be seen: pictures to lines. Needs the extra `ocr`."""
