"""Where ExaBGP comes from: its repository, its releases, one tree of it, and how a commit is installed."""
