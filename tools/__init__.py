"""What asv does not do: get ExaBGP, install a commit, report. One module a task."""
