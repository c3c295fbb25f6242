#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Damaged volumes: the table of spec 12.1 against the floor and the ceiling of
# 12.3, and reel against the table, over patterns of damage to small sets. With
# REEL_SOAK=1 all of the patterns, else a fixed sample.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
src=$REEL_SOURCE_DIR
table_sample=41
reel_sample=241
if [[ -n ${REEL_SOAK:-} ]]; then
    reel_sample=1 # which tries the table as well
fi

# Segments over several blocks; archives behind each other; checkpoints; a run
# that supersedes, twice; a set whose segments are repeated on the next volume.
sets=()
for name in posix-segments archives-two checkpoint-several \
    run-after-checkpoint run-torn run-torn-in-segments run-twice \
    set-three-volumes set-segments-in-repeated-block; do
    python3 "$src/spec/suite/build.py" --only "$name" "$work" >/dev/null
    sets+=("$work/valid/$name/"*.tap +)
done
if ((reel_sample > 1)); then
    python3 "$src/spec/formal/check_recovery.py" --sample $table_sample \
        --jobs 2 "${sets[@]}"
fi
python3 "$src/spec/formal/check_recovery.py" --sample $reel_sample --jobs 2 \
    --reader "$REEL_PROGRAM" "${sets[@]}"
