#!/bin/sh
# Refuses a clone that was cut off, before anything is installed, with the line that mends it.
set -eu
# shellcheck source=ci/steps/lib.sh
. "$(dirname -- "$0")/lib.sh"

command -v git >/dev/null || fail 5 'git is not there: use an image with git in it'
trust_checkout
shallow=$(git -C "$ASSAY_REPO" rev-parse --is-shallow-repository) ||
    fail 4 "no git repository in $ASSAY_REPO: check it out before this step (GitHub: actions/checkout with fetch-depth: 0)"
[ "$shallow" = true ] || exit 0

cut='a shallow clone: older history is cut off, and evidence would begin in its middle'
if [ "${GITHUB_ACTIONS:-}" = true ]; then
    fail 4 "$cut. Add to the step with actions/checkout, below \`with:\`, the line    fetch-depth: 0"
elif [ -n "${GITLAB_CI:-}" ]; then
    fail 4 "$cut. Add to this job, below \`variables:\`, the line    GIT_DEPTH: \"0\""
elif [ -n "${JENKINS_URL:-}" ]; then
    fail 4 "$cut. Add to the checkout's extensions:    cloneOption(shallow: false, noTags: false)"
fi
fail 4 "$cut. Fetch the rest:    git fetch --unshallow --tags"
