#!/bin/sh
# Looks at what holds now, or at what a pull request, a commit or a range brings, and writes a report for every reader.
set -eu
: "${ASSAY_REPORTS:=assay-reports}"
# shellcheck source=ci/steps/lib.sh
. "$(dirname -- "$0")/lib.sh"

# A check needs no key, and nothing that it starts gets one.
unset ASSAY_SIGN_KEY
find_program
trust_checkout

set -- check --repo "$ASSAY_REPO"
[ -z "${ASSAY_CONFIG:-}" ] || set -- "$@" --config "$ASSAY_CONFIG"
[ -z "${ASSAY_CACHE:-}" ] || set -- "$@" --cache "$ASSAY_CACHE"

# Where a pipeline says what a change is meant for, the change is looked at.
meant_for=${GITHUB_BASE_REF:-${CI_MERGE_REQUEST_DIFF_BASE_SHA:-${CHANGE_TARGET:-}}}
case ${ASSAY_SCOPE:-} in
'') [ -z "$meant_for" ] || set -- "$@" --base "$meant_for" ;;
all) ;;
next) set -- "$@" --next ;;
*..*) set -- "$@" --range "$ASSAY_SCOPE" ;;
*) set -- "$@" --commit "$ASSAY_SCOPE" ;;
esac

mkdir -p -- "$ASSAY_REPORTS"
reports=$(cd -- "$ASSAY_REPORTS" && pwd)
# What an earlier run left must not be taken for this one's.
for name in check.txt check.json check.md junit.xml results.sarif gl-code-quality.json annotations.txt; do
    rm -f -- "$reports/$name"
done
set -- "$@" \
    --format "text=$reports/check.txt" \
    --format "json=$reports/check.json" \
    --format "markdown=$reports/check.md" \
    --format "junit=$reports/junit.xml" \
    --format "sarif=$reports/results.sarif" \
    --format "gitlab=$reports/gl-code-quality.json" \
    --format "github=$reports/annotations.txt"
while IFS= read -r line; do
    [ -z "$line" ] || set -- "$@" "$line"
done <<END
${ASSAY_OPTIONS:-}
END

code=0
quiet_commands
"$program" "$@" || code=$?
[ ! -f "$reports/check.txt" ] || cat -- "$reports/check.txt"
loud_commands
if [ "${GITHUB_ACTIONS:-}" = true ] && [ -f "$reports/annotations.txt" ]; then
    cat -- "$reports/annotations.txt"
fi

output reports "$ASSAY_REPORTS"
[ ! -f "$reports/results.sarif" ] || output sarif "$ASSAY_REPORTS/results.sarif"
summarise "$reports/check.md"
passed_on "$code"
