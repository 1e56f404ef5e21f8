# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts beside it: where the tree is, and quiet steps with a full log.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
logs="$root/build/logs"
mkdir -p "$logs"

# step NAME COMMAND...: runs it with its output in build/logs/NAME.log, shown only when it fails.
step() {
    local name=$1
    shift
    if ! "$@" >"$logs/$name.log" 2>&1; then
        tail -n 60 "$logs/$name.log" >&2
        echo "$name failed; the full log is $logs/$name.log" >&2
        return 1
    fi
}

# How many compilers fit: one a core, and 1.5 GB of free memory for each.
compile_jobs() {
    local by_memory
    by_memory=$(awk '/^MemAvailable/ {print int($2 / 1500000)}' /proc/meminfo)
    local jobs
    jobs=$(nproc)
    [[ "$by_memory" -ge "$jobs" ]] || jobs=$by_memory
    [[ "$jobs" -ge 1 ]] || jobs=1
    echo "${HEADWATER_JOBS:-$jobs}"
}

# build_preset NAME [TARGET]: configure and build, everything or that target alone.
build_preset() {
    local preset=$1 target=${2:-all}
    cd "$root"
    step "configure-$preset" cmake --preset "$preset"
    step "build-$preset" cmake --build "build/$preset" -j "$(compile_jobs)" --target "$target"
}

# node_packages FOLDER: npm ci, when the lock file changed since the last time.
node_packages() {
    local folder="$root/$1"
    local stamp="$folder/node_modules/.lock-installed"
    if ! cmp -s "$folder/package-lock.json" "$stamp"; then
        step "npm-${1//\//-}" env -C "$folder" npm ci
        cp "$folder/package-lock.json" "$stamp"
    fi
}

# node_build FOLDER: its packages, then what it makes of its sources.
node_build() {
    node_packages "$1"
    step "npm-build-${1//\//-}" env -C "$root/$1" npm run build
}
