"""Two commits compared: what is measured, by which rules it is judged, and what is said."""
