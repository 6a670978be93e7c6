"""The drift register as a whole: what a page can't hold of it, and the acceptances that let drift stand."""
