#!/bin/sh
# One step for what ASSAY_TASK asks for. With `both`, a failed check does not keep the site from being built: what was
# found stands in it. The step ends with the check's code all the same.
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=ci/steps/lib.sh
. "$here/lib.sh"

case ${ASSAY_TASK:-check} in
check) exec sh "$here/check.sh" ;;
build) exec sh "$here/build.sh" ;;
both) ;;
*) fail 2 "the task is ${ASSAY_TASK:-}: check, build or both" ;;
esac

code=0
(
    unset ASSAY_SIGN_KEY
    exec sh "$here/check.sh"
) || code=$?
# Refused or broken (2, 4, 5), a build would be too; 1 and 3 are findings and things that could not be read.
if [ "$code" -ne 0 ] && [ "$code" -ne 1 ] && [ "$code" -ne 3 ]; then
    exit "$code"
fi
sh "$here/build.sh" || built=$?
built=${built:-0}
if [ "$built" -ne 0 ] && [ "$built" -ne 3 ]; then
    code=$built
elif [ "$code" -eq 0 ]; then
    code=$built
fi
[ "$code" -eq 0 ] || output exit-code "$code"
exit "$code"
