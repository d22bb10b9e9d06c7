"""What the platform costs, measured against plain storage and the nearest peer in the same run: `make bench`."""
