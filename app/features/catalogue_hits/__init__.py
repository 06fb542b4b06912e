"""Looking into the search documents: which listings answer a question, in which order, and how many of each kind."""
