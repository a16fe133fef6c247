"""Marketplaces: workbooks that these tests write themselves, in the manner of the sites'; none of a site's files."""
