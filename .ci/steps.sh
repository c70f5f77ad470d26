# Sourced by .ci/run and .ci/full: a fixed environment, no input, and one heading and one time a step.
set -euo pipefail
export CI="${CI:-true}"
unset PYTHONPATH PYTHONHOME VIRTUAL_ENV
exec </dev/null

step() { # step TITLE COMMAND...: the first failure ends the run
  local title=$1 began=$SECONDS
  shift
  printf '\n== %s\n' "$title"
  "$@" || { printf '== FAILED: %s, after %d s\n' "$title" $((SECONDS - began)); exit 1; }
  printf -- '-- %d s\n' $((SECONDS - began))
}

readme_line() { # readme_line 1|2: the line under "Try it" or "Test it" in README.md, as it stands there
  local lines
  mapfile -t lines < <(grep '^python3 -m venv ' README.md)
  [ "${#lines[@]}" -eq 2 ] || { echo "README.md should set up an environment in 2 lines, not ${#lines[@]}" >&2; exit 1; }
  printf '%s' "${lines[$1 - 1]}"
}
