"""The catalogue: finding what one may do, with every listing told as far as the caller may know of it."""
