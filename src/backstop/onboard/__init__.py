"""From somebody's wrangler project to a targets file, and the findings that they live with."""
