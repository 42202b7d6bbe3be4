#!/usr/bin/env bash
# Many files: time, rate and memory of check at growing numbers, and a run that is killed half-way and taken up.
#
#   benches/batch.sh [FOLDER] [COUNT…]        (default: a temporary folder; 1000 10000 100000)
#
# Sheets are made by `cargo bench --bench generate` (100,000 take about 3 GB), and the folder is removed at the
# end if this made it. KAIJISHO and GENERATE name programs that are built already; a folder sheets-COUNT that is
# there already is taken as it is, and CHECK_WITH holds further options of check. Needs bash and GNU time.
#
# files/s/core is by the processor's time (user + system), so that a machine that is busy with other things
# does not change it much; wall time and the load stand beside it.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-}
made=
if [ -z "$folder" ]; then
    folder=$(mktemp -d)
    made=yes
fi
shift || true
counts=("${@:-}")
[ -n "${counts[0]}" ] || counts=(1000 10000 100000)
trap '[ -z "$made" ] || rm -rf "$folder"' EXIT
mkdir -p "$folder"

if [ -z "${KAIJISHO:-}" ]; then
    (cd "$root" && cargo build --release --locked --quiet)
    KAIJISHO=${CARGO_TARGET_DIR:-$root/target}/release/kaijisho
fi
generate() {
    if [ -n "${GENERATE:-}" ]; then "$GENERATE" "$@"; else (cd "$root" && cargo bench --locked --quiet --bench generate -- "$@"); fi
}

check() { # LIST OUT [more]
    local list=$1 out=$2
    shift 2
    "$KAIJISHO" check --files-from "$list" --format jsonl -o "$out" --force --date 2026-10-01 --lang en --quiet ${CHECK_WITH:-} "$@"
}

# Runs a command under GNU time; a run that ends with findings (1) or unreadable files (2) is done all the same.
timed() {
    /usr/bin/time -q -o "$folder/time" -f '%e %U %S %M' "$@" || [ $? -le 2 ]
}
export -f check
export KAIJISHO

printf '%8s %9s %9s %9s %13s %9s %10s  %s\n' files 'wall s' 'cpu s' files/s files/s/core 'peak MB' 'output MB' load
largest=0
for count in "${counts[@]}"; do
    sheets="$folder/sheets-$count"
    [ -d "$sheets" ] || generate "$sheets" "$count" > /dev/null
    (cd "$folder" && find "sheets-$count" -type f | LC_ALL=C sort > "list-$count")
    cd "$folder"
    timed bash -c "check list-$count out-$count.jsonl"
    read -r wall user system memory < "$folder/time"
    lines=$(wc -l < "out-$count.jsonl")
    [ "$lines" -gt "$count" ] || { echo "only $lines lines for $count files" >&2; exit 1; }
    awk -v n="$count" -v w="$wall" -v u="$user" -v s="$system" -v m="$memory" -v o="$(stat -c %s "out-$count.jsonl")" \
        -v l="$(cut -d' ' -f1 /proc/loadavg)" \
        'BEGIN { printf "%8d %9.1f %9.1f %9.0f %13.0f %9.1f %10.1f  %s\n", n, w, u + s, n / w, n / (u + s), m / 1024, o / 1e6, l }'
    largest=$count
done

# Killed when half of the files stand in the ledger, and taken up.
cd "$folder"
count=$largest
rm -f ledger resumed.jsonl
"$KAIJISHO" check --files-from "list-$count" --format jsonl -o resumed.jsonl --force --date 2026-10-01 --lang en --quiet ${CHECK_WITH:-} --resume ledger &
run=$!
half=$(($(stat -c %s "out-$count.jsonl") / 2))
while kill -0 "$run" 2> /dev/null && [ "$(stat -c %s ledger 2> /dev/null || echo 0)" -lt "$half" ]; do sleep 0.05; done
kill -9 "$run" 2> /dev/null || { echo 'it ended before it was killed' >&2; exit 1; }
wait "$run" 2> /dev/null || true
[ ! -e resumed.jsonl ] || { echo 'a half-written output took its name' >&2; exit 1; }
done_before=$(grep -ac '^{"file":' ledger)
timed bash -c "check list-$count resumed.jsonl --resume ledger"
read -r wall user system memory < "$folder/time"
cmp "out-$count.jsonl" resumed.jsonl
awk -v n="$count" -v d="$done_before" -v w="$wall" -v u="$user" -v s="$system" -v m="$memory" \
    'BEGIN { printf "killed with %d of %d done; taken up in %.1f s (cpu %.1f s, peak %.1f MB): the same bytes\n", d, n, w, u + s, m / 1024 }'

# Four shares together are the whole.
for share in 1 2 3 4; do check "list-$count" "share-$share.jsonl" --shard "$share/4" || [ $? -le 2 ]; done
for share in 1 2 3 4; do head -n -1 "share-$share.jsonl"; done |
    awk '{ match($0, /"input":[0-9]+/); print substr($0, RSTART + 8, RLENGTH - 8) "\t" $0 }' |
    LC_ALL=C sort -s -n -k1,1 | cut -f2- > merged.jsonl
head -n -1 "out-$count.jsonl" | cmp - merged.jsonl
echo "four shares of $(for share in 1 2 3 4; do tail -n 1 "share-$share.jsonl" | grep -o '"files":[0-9]*' | cut -d: -f2; done | tr '\n' ' ')files, merged: the same lines"
rm -rf out-*.jsonl resumed.jsonl ledger share-*.jsonl merged.jsonl list-*
