"""The pages of the site: what each shows, and the templates, the style and the script that they are made with."""
