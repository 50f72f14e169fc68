"""Reading what users configure: the targets file and the wrangler project of their bot."""
