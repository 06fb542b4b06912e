"""What the pool holds: its index of fields, the gap map and reachability."""
