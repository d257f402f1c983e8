# What scripts share: Open MPI in containers and as root, the right Python, the release build, options of studies.
# Sourced with `root` set to the top folder.
# shellcheck shell=bash disable=SC2154,SC2034

# Open MPI refuses root and more ranks than cores unless told; its copy between processes is forbidden in containers.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_btl_vader_single_copy_mechanism=none

# find_python MODULE...: prints the first Python that has them all; else one line with the cure, and fails.
# Debian's modules belong to /usr/bin/python3, which a private python3 earlier on PATH does not see.
find_python() {
    local python module packages="" list="$*"
    for python in /usr/bin/python3 python3; do
        if command -v "$python" >/dev/null && "$python" -c "import ${list// /,}" 2>/dev/null; then
            echo "$python"
            return 0
        fi
    done
    for module in "$@"; do
        /usr/bin/python3 -c "import $module" 2>/dev/null || packages+=" python3-${module,,}"
    done
    echo "no Python has the modules needed; cure: apt-get install$packages" >&2
    return 3
}

# build_release: configures and builds build/release; quiet unless it fails.
build_release() {
    local log status=0
    log=$(mktemp)
    (cd "$root" && cmake --preset release && cmake --build build/release) >"$log" 2>&1 || status=$?
    if [ $status -ne 0 ]; then
        grep -v '^\[[0-9]*/[0-9]*\] Building' "$log" | tail -n 60 >&2
        echo "the build failed" >&2
    else
        grep -A 6 'warning:' "$log" >&2 || true
    fi
    rm -f "$log"
    return $status
}

# study_options "$@": reads the options of a script that makes a study. It has set `output`, `page`, which --docs writes, and,
# where a number can be chosen, `number` to its option, `n` and `least`. Leaves `output`, `n`, `docs` and, for `sinew run`, `options`.
study_options() {
    local me
    me=$(basename "$0")
    docs=()
    options=()
    while [ $# -gt 0 ]; do
        case $1 in
        -h | --help)
            sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
            exit 0
            ;;
        -o | "${number:--o}")
            [ $# -gt 1 ] || { echo "$me: $1 needs a value" >&2; exit 2; }
            if [ "$1" = -o ]; then output=$2; else n=$2; fi
            shift
            ;;
        --docs) docs=(--docs "$root/docs/$page") ;;
        *) options+=("$1") ;;
        esac
        shift
    done
    if [ -n "${number:-}" ] && { ! [[ $n =~ ^[1-9][0-9]*$ ]] || [ "$n" -lt "$least" ]; }; then
        echo "$me: $number takes a number from $least on" >&2
        exit 2
    fi
}

# study_tools: installs what is missing and builds; leaves the program in `sinew` and in `python` one that finds the analysis.
study_tools() {
    "$root/scripts/setup" run
    build_release || exit 1
    python=$(find_python h5py numpy matplotlib jinja2) || exit 3
    export PYTHONPATH="$root/analysis${PYTHONPATH:+:$PYTHONPATH}"
    sinew=$root/build/release/sinew
}
