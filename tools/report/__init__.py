"""Pages made of what is known: the site, and the documents that are generated."""
