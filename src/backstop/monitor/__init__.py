"""What short looks from timers add up to: alerts, error rates over minutes, availability."""
