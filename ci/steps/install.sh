#!/bin/sh
# Installs Assay from ASSAY_SOURCE, the checkout that this step came with, never by its name from an index: there, the
# name could be anybody's. Its dependencies come from the index that pip is set up with.
set -eu
: "${ASSAY_EXTRAS=all}" "${ASSAY_PYTHON:=python3}"
here=$(cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source=ci/steps/lib.sh
. "$here/lib.sh"

if [ -n "${ASSAY_PROGRAM:-}" ]; then
    find_program
    output program "$program"
    exit 0
fi
source=$(cd -- "${ASSAY_SOURCE:-$here/../..}" && pwd)
room=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/assay.XXXXXX")
# Python looks for modules where it stands: not in a checkout that nobody has reviewed.
cd -- "$room"
"$ASSAY_PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail 5 "$ASSAY_PYTHON is no Python 3.11 or newer: put actions/setup-python before this step"
"$ASSAY_PYTHON" -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check "$source${ASSAY_EXTRAS:+[$ASSAY_EXTRAS]}" ||
    fail 5 'pip could not install Assay: what it said stands above'
output program "$room/venv/bin/assay"
