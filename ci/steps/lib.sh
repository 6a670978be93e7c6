# shellcheck shell=sh
# What the steps share; each of them reads it with `.`. Everything comes in by environment variables, so that no text
# of a pipeline, a branch or a person is ever a part of a command.
: "${ASSAY_REPO:=.}"

# fail CODE TEXT: ends the step with a line for people, which GitHub marks as an error.
fail() {
    if [ "${GITHUB_ACTIONS:-}" = true ]; then
        printf '::error title=Assay::%s\n' "$(printf '%s' "$2" | tr '\r\n' '  ' | sed 's/%/%25/g')"
    else
        printf 'error: %s\n' "$2" >&2
    fi
    exit "$1"
}

# trust_checkout: names the pipeline's own checkout as safe to git and to Assay, for this step alone: its runner cloned
# it, often as another user. The repository's configuration still runs nothing in Assay.
trust_checkout() {
    [ -d "$ASSAY_REPO" ] || fail 4 "there is no folder $ASSAY_REPO: check the repository out before this step"
    trusted=$(cd -- "$ASSAY_REPO" && pwd -P)
    until [ -e "$trusted/.git" ] || [ -f "$trusted/HEAD" ] || [ "$trusted" = / ]; do
        trusted=$(dirname -- "$trusted")
    done
    number=${GIT_CONFIG_COUNT:-0}
    export "GIT_CONFIG_KEY_$number=safe.directory" "GIT_CONFIG_VALUE_$number=$trusted"
    export GIT_CONFIG_COUNT=$((number + 1))
}

# find_program: sets `program` to Assay, and ends where its version is not the one that was asked for.
find_program() {
    program=${ASSAY_PROGRAM:-assay}
    command -v -- "$program" >/dev/null || fail 5 "no program $program: use an image with Assay in it, or install it"
    [ -z "${ASSAY_VERSION:-}" ] && return
    found=$("$program" --version)
    [ "$found" = "assay $ASSAY_VERSION" ] || fail 4 "this is $found, and version $ASSAY_VERSION was asked for"
}

# output NAME VALUE: gives later steps a value, where the pipeline has a file for that (GitHub).
output() {
    [ -n "${GITHUB_OUTPUT:-}" ] || return 0
    [ "$(printf '%s' "$2" | wc -l)" -eq 0 ] || fail 2 "a line break in the value of $1: name another folder"
    printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

# digest FILE: prints its SHA-256.
digest() {
    if command -v sha256sum >/dev/null; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi | cut -d ' ' -f 1
}

# summarise FILE: adds a file of Markdown to the summary of the job, whole lines up to 1,000 kB for one step.
summarise() {
    [ -n "${GITHUB_STEP_SUMMARY:-}" ] || return 0
    [ -f "$1" ] || return 0
    taken=0
    [ ! -f "$GITHUB_STEP_SUMMARY" ] || taken=$(wc -c <"$GITHUB_STEP_SUMMARY")
    LC_ALL=C awk -v left="$((1000000 - taken - 100))" '
        { left -= length($0) + 1 }
        left < 0 { print "\n*Cut: a summary of a job has room for 1,000 kB. The rest is in the site.*"; exit }
        { print }' "$1" >>"$GITHUB_STEP_SUMMARY"
}

# quiet_commands, loud_commands: between the two, GitHub takes no line of a log as a command to itself: a text from the
# repository may look like one.
quiet_commands() {
    [ "${GITHUB_ACTIONS:-}" = true ] || return 0
    pause=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    printf '::stop-commands::%s\n' "$pause"
}
loud_commands() {
    [ "${GITHUB_ACTIONS:-}" = true ] || return 0
    printf '::%s::\n' "$pause"
}

# passed_on CODE: ends the step with Assay's exit code; 3 (something could not be read, everything else was done) is 0
# where ASSAY_UNREADABLE says `warn`.
passed_on() {
    output exit-code "$1"
    if [ "$1" -eq 3 ] && [ "${ASSAY_UNREADABLE:-fail}" = warn ]; then
        text='something could not be read; the site says what'
        if [ "${GITHUB_ACTIONS:-}" = true ]; then printf '::warning title=Assay::%s\n' "$text"; else printf 'warning: %s\n' "$text" >&2; fi
        exit 0
    fi
    exit "$1"
}
