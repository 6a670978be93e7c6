"""What waits for production: the page of the release that nobody made yet, with the layout of those that were made."""
