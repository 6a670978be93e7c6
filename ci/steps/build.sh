#!/bin/sh
# Builds the site on top of the last published one, and verifies what was built before anything is published.
set -eu
: "${ASSAY_OUTPUT:=site}"
# shellcheck source=ci/steps/lib.sh
. "$(dirname -- "$0")/lib.sh"

find_program
trust_checkout

set -- build --json --repo "$ASSAY_REPO" --output "$ASSAY_OUTPUT"
[ -z "${ASSAY_CONFIG:-}" ] || set -- "$@" --config "$ASSAY_CONFIG"
[ -z "${ASSAY_CACHE:-}" ] || set -- "$@" --cache "$ASSAY_CACHE"
before=$ASSAY_OUTPUT
if [ -n "${ASSAY_PREVIOUS:-}" ]; then
    before=$ASSAY_PREVIOUS
    set -- "$@" --previous "$before"
fi
[ ! -d "$before/evidence" ] || before=$before/evidence
if [ "${ASSAY_PREVIOUS:-}" = none ]; then
    before=
elif [ -f "$before/manifest.json" ]; then
    before=$(digest "$before/manifest.json")
elif [ -n "${ASSAY_PREVIOUS:-}" ]; then
    fail 4 "the last published site is not in $ASSAY_PREVIOUS: fetch it first, or say \`none\` where this is the first"
else
    fail 2 'where is the last published site? Give its folder as previous, so that the chain of bundles goes on, or none where this is the first'
fi
while IFS= read -r line; do
    [ -z "$line" ] || set -- "$@" "$line"
done <<END
${ASSAY_OPTIONS:-}
END

room=$(mktemp -d)
trap 'rm -rf -- "$room"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
if [ -n "${ASSAY_SIGN_KEY:-}" ]; then
    # A file for this step alone; the key is on no command line and, from here on, in no environment.
    if [ -f "$ASSAY_SIGN_KEY" ]; then
        (umask 077 && cat -- "$ASSAY_SIGN_KEY" >"$room/key")
    else
        (umask 077 && printf '%s\n' "$ASSAY_SIGN_KEY" >"$room/key")
    fi
    set -- "$@" --sign-key "$room/key"
fi
unset ASSAY_SIGN_KEY

code=0 intact=0
quiet_commands
"$program" "$@" >"$room/result" || code=$?
cat -- "$room/result"
if [ "$code" -eq 0 ] || [ "$code" -eq 3 ]; then
    set -- verify "$ASSAY_OUTPUT"
    [ -z "$before" ] || set -- "$@" --follows "$before"
    "$program" "$@" || intact=$?
fi
loud_commands
[ "$code" -eq 0 ] || [ "$code" -eq 3 ] || passed_on "$code"

output site "$ASSAY_OUTPUT"
output result "$(cat -- "$room/result")"
output manifest "$(digest "$ASSAY_OUTPUT/evidence/manifest.json")"
summarise "$ASSAY_OUTPUT/summary.md"
[ "$intact" -eq 0 ] || passed_on "$intact"
passed_on "$code"
