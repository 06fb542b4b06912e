"""Households: who counts as one family."""
