"""The numbers that asv has stored, and how people read them."""
