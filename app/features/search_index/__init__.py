"""What search reads: kept beside the listings by everything that changes what is shown of one."""
