"""What asv imports, in the environment of every ExaBGP commit."""
