"""Finding things: the index that the page Find searches, and the table behind the filter of releases."""
