# Faults that need a system's help, and the policy of dependencies. Read by `run`, with its functions.
#
#   tmpfs        a disk of 64 KiB, and one that is read-only: outputs whole or absent, exit code 2, a reason
#   cargo-deny   licences, banned crates and sources of .ci/deny.toml; advisories are for a CI with a network

# mounted FOLDER OPTIONS: a small disk.
mounted() {
  mkdir -p "$1" && as_root mount -t tmpfs -o "size=64k,$2" tmpfs "$1" 2>"$work/mount.log"
}

# unwritten CODE REASON FILE COMMAND…: the command ends with the code and gives the reason, and the file is not there.
unwritten() {
  local wanted=$1 reason=$2 file=$3 code=0 said
  shift 3
  said=$("$@" 2>&1 >/dev/null) || code=$?
  said=$(tr -d '\n ' <<<"$said")
  [ "$code" -eq "$wanted" ] || { echo "exit code $code: $said"; return 1; }
  [[ $said == *"$reason"* ]] || { echo "not told: $said"; return 1; }
  [ ! -e "$file" ] || { echo "$file is there"; return 1; }
  [ -z "$(ls -A "${file%/*}")" ] || { echo "left over: $(ls -A "${file%/*}")"; return 1; }
}

# Each writes more than 64 KiB, or has no room for the first byte.
fault() {
  local disk=$1 reason=$2 sheet=examples/01-vendor/disclosure.xlsx
  check "$3: report html" unwritten 2 "$reason" "$disk/a.html" "$bin" report $sheet examples/02-hospital --against small-hospital --date 2026-10-01 -o "$disk/a.html"
  check "$3: report json" unwritten 2 "$reason" "$disk/a.json" "$bin" report $sheet examples/02-hospital --against small-hospital --date 2026-10-01 -o "$disk/a.json"
  check "$3: check sarif" unwritten 2 "$reason" "$disk/a.sarif" "$bin" check $sheet examples/02-hospital --format sarif --date 2026-10-01 -o "$disk/a.sarif"
  check "$3: man" unwritten 2 "$reason" "$disk/a.1" "$bin" man -o "$disk/a.1"
  check "$3: schema" unwritten 2 "$reason" "$disk/a.schema.json" "$bin" schema report -o "$disk/a.schema.json"
}

full=$work/full closed=$work/closed
if mounted "$full" mode=0777; then
  # With a file on it there is no room left at all.
  mkdir "$full/out" && head -c 65536 /dev/zero >"$full/taken" 2>/dev/null
  fault "$full/out" 'ディスクに空きがありません' 'full disk'
  as_root umount "$full"
else
  skip 'full disk (no mount allowed)' 5
fi
if mounted "$closed" ro; then
  fault "$closed" '書き込みのできない場所です' 'read-only disk'
  as_root umount "$closed"
else
  skip 'read-only disk (no mount allowed)' 5
fi

# Built without optimising, which takes a fraction of the time; the crates of all platforms are looked at, so they
# are fetched first.
have cargo-deny || cargo deny --version >/dev/null 2>&1 ||
  timeout 1200 cargo install --quiet --locked --debug cargo-deny >"$work/deny-install.log" 2>&1
denied() {
  local config=$1
  shift
  cargo deny --locked --offline --config "$config" check "$@"
}
# refused_for WHAT COMMAND…: the command fails, and says what for.
refused_for() {
  local what=$1 said
  shift
  said=$("$@" 2>&1) && return 1
  grep -q "$what" <<<"$said" || { echo "$said"; return 1; }
}
if cargo deny --version >/dev/null 2>&1 && timeout 600 cargo fetch --locked >"$work/fetch.log" 2>&1; then
  check "cargo-deny: licences, bans and sources" denied .ci/deny.toml licenses bans sources
  sed 's/"MIT",//; s/"Apache-2.0",//' .ci/deny.toml >"$work/strict.toml"
  check "cargo-deny: a licence that is not allowed is noticed" refused_for 'error\[rejected\]' denied "$work/strict.toml" licenses
else
  skip cargo-deny 2
fi
