"""A double of the part of Cloudflare's API v4 that wrangler and the official SDK call for Workers."""
