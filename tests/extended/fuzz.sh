# Every fuzz target for a while: sourced by `run`, which gives check, skip, have, work, passed and failed; or by itself,
# with the seconds for each target as KAIJISHO_FUZZ_SECONDS (5 unless told) and the seed as KAIJISHO_FUZZ_SEED (1 unless
# told, so that what is found today is found tomorrow; a long run wants another one each time).
#
# Needs a nightly toolchain and cargo-fuzz (`cargo install --locked cargo-fuzz`); without them it is skipped, loudly.
# What the fuzzer finds stays in the folder that it prints, and belongs into tests/regressions once it is mended.

seconds=${KAIJISHO_FUZZ_SECONDS:-5}
fuzz_seed=${KAIJISHO_FUZZ_SEED:-1}
fuzz_seeds=$work/fuzz-seeds
fuzz_finds=${KAIJISHO_FUZZ_FINDS:-${TMPDIR:-/tmp}/kaijisho-fuzz-finds}
mapfile -t fuzz_targets < <(sed -n 's/^name = "\(.*\)"$/\1/p' fuzz/Cargo.toml | grep -v '^kaijisho' | sort -u)

# fuzz_one TARGET: the target on its seeds for so many seconds; a find makes it fail.
fuzz_one() {
  mkdir -p "$work/fuzz-corpus/$1" "$fuzz_finds/$1" "$fuzz_seeds/$1"
  cargo +nightly fuzz run -s none --fuzz-dir fuzz "$1" "$work/fuzz-corpus/$1" "$fuzz_seeds/$1" -- \
    -max_len=4096 -timeout=10 -rss_limit_mb=512 -max_total_time="$seconds" -dict=fuzz/words.dict -seed="$fuzz_seed" \
    -artifact_prefix="$fuzz_finds/$1/" -print_final_stats=1 >"$work/fuzz-$1.log" 2>&1 || { tail -n 30 "$work/fuzz-$1.log"; return 1; }
}

# sound_seeds: each target has seeds, so that it does not begin with nothing.
sound_seeds() {
  python3 fuzz/seeds.py "$fuzz_seeds" || return 1
  local target
  for target in "${fuzz_targets[@]}"; do
    find "$fuzz_seeds/$target" -type f 2>/dev/null | grep -q . || { echo "$target: no seeds"; return 1; }
  done
}

if ! rustup toolchain list 2>/dev/null | grep -q nightly; then
  skip "fuzzing (no nightly toolchain)" $((${#fuzz_targets[@]} + 2))
elif ! cargo fuzz --version >/dev/null 2>&1 && ! timeout 1200 cargo install --quiet --locked cargo-fuzz; then
  skip "fuzzing (no cargo-fuzz)" $((${#fuzz_targets[@]} + 2))
else
  check "fuzz: seeds for every target" env KAIJISHO_FORMATS="$work/formats" bash -c "$(declare -f sound_seeds); fuzz_seeds='$fuzz_seeds' fuzz_targets=(${fuzz_targets[*]}); sound_seeds"
  # The counters make the library slow to compile. What is not built in time is skipped, and what does not compile fails.
  built=0
  timeout "${KAIJISHO_FUZZ_BUILD:-900}" cargo +nightly fuzz build -s none --fuzz-dir fuzz >"$work/fuzz-build.log" 2>&1 || built=$?
  if [ "$built" -eq 124 ]; then
    skip "fuzzing (not built in time)" $((${#fuzz_targets[@]} + 1))
  else
    check "fuzz: the targets are built" bash -c '[ "$1" -eq 0 ] || { grep -A 12 "^error" "$2"; exit 1; }' - "$built" "$work/fuzz-build.log"
  fi
  if [ "$built" -eq 0 ]; then
    for fuzz_target in "${fuzz_targets[@]}"; do
      check "fuzz: $fuzz_target, $seconds s" fuzz_one "$fuzz_target"
    done
  fi
fi
