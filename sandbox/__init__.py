"""The embedded cloud: a loopback Cloudflare API, real workerd as its edge, doubles of what a bot talks to."""
