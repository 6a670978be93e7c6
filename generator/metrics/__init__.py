"""Delivery measures by period, from counts. Reads no clock and knows nothing of the site."""
