"""The embedded edge: one workerd process per live version behind a front proxy per worker."""
