"""The page on which results are graded."""
