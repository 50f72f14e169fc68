"""KV namespaces: what they hold, and how workerd speaks to them."""
