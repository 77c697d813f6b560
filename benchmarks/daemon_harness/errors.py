"""What is wrong with a daemon."""


class DaemonError(RuntimeError):
    """The daemon did not do what it should: one line, with what was counted so far and the daemon's last words."""


class SessionReset(DaemonError):  # noqa: N818 (the term of the trade)
    """The daemon ended the session, by a NOTIFICATION or by closing the connection."""
