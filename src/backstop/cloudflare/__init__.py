"""Cloudflare: its API for reading, wrangler for acting, tails for seeing what really ran."""
