#!/bin/bash
# The emergency script of the written procedure, line by line, to be put to the test by a drill. Do not use
# it in an incident: docs/drills.md shows what it does. Only its last line differs: in place of the bot's own
# npm scripts it asks for the address that it is given as its second argument.
set -e

REASON="${1:-Emergency rollback}"
echo "🚨 Initiating emergency rollback: $REASON"

# Get previous version
PREVIOUS_VERSION=$(npx wrangler deployments list --env production | sed -n '3p' | cut -d'|' -f1 | tr -d ' ')

if [ -z "$PREVIOUS_VERSION" ]; then
  echo "❌ No previous version found for rollback"
  exit 1
fi

echo "🔄 Rolling back to version: $PREVIOUS_VERSION"

# Execute rollback
npx wrangler rollback "$PREVIOUS_VERSION" --env production --message "$REASON" --yes

# Validate rollback
echo "✅ Rollback completed. Validating..."
sleep 30
curl --fail --silent --show-error --max-time 10 "$2"
