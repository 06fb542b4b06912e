"""What is done again and again for a tenant, and when it was done last."""
