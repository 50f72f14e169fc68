"""The pytest plugins, through pytester."""
