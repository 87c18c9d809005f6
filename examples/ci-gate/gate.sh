#!/bin/sh
# Fails when a MeshProfile cannot be honoured by the cluster that the dump shows.
#
#   gate.sh DUMP PROFILE...
#
# Exit codes are those of `heddle plan`: 0 fine, 2 invalid input, 3 refused or waiting for acceptance.
# HEDDLE is how to run heddle; the reports are written to the folder REPORTS, or the current one.
set -eu

if [ $# -lt 2 ]; then
	echo "usage: gate.sh DUMP PROFILE..." >&2
	exit 2
fi
dump=$1
shift
reports=${REPORTS:-.}

# A profile's other namespaces count as well: what one decides, another may overrule.
set -- $(for profile in "$@"; do printf -- '--profile %s ' "$profile"; done)

code=0
for format in text sarif junit; do
	# shellcheck disable=SC2086 # HEDDLE may be a command with arguments
	${HEDDLE:-heddle} plan --from-files "$dump" "$@" --output "$format" --no-input >"$reports/heddle.$format" || code=$?
done
cat "$reports/heddle.text"
exit "$code"
