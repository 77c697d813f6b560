"""ExaBGP's whole history."""
