"""What is asked of the search documents: a caller's filters as one question, within what the caller may find."""
