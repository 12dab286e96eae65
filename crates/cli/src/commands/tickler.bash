# Completion of tickler for bash: source <(tickler completions bash)
_tickler() {
    local line=${COMP_LINE:0:COMP_POINT} current before words answers
    # bash breaks words at colons, a query does not: `stage:won` is one word here.
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] || ${#words[@]} -eq 0 ]] && words+=("")
    current=${words[${#words[@]} - 1]}
    before=${current%"${2-}"}
    answers=$(
        _CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$((${#words[@]} - 1)) _CLAP_COMPLETE_COMP_TYPE=$COMP_TYPE \
            _CLAP_COMPLETE_SPACE=false TICKLER_COMPLETE=bash tickler -- "${words[@]}" 2>/dev/null
    ) || return
    COMPREPLY=()
    local answer
    while IFS= read -r answer; do
        [[ -n $answer ]] && COMPREPLY+=("${answer#"$before"}")
    done <<<"$answers"
    # What ends so goes on.
    if [[ ${#COMPREPLY[@]} -gt 0 && ${COMPREPLY[0]} =~ [=/:]$ ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o bashdefault -F _tickler tickler
