# SPDX-License-Identifier: BSD-3-Clause
# Completion of exapulse for bash; the candidates come from exapulse itself.
_exapulse() {
    # bash has also split words at = and :; join the parts that no space separates.
    local rest=${COMP_LINE:0:COMP_POINT} words=() word trimmed i
    for ((i = 0; i <= COMP_CWORD; i++)); do
        trimmed=${rest#"${rest%%[![:blank:]]*}"}
        word=${COMP_WORDS[i]}
        ((i < COMP_CWORD)) || word=$trimmed # up to the cursor
        if ((i > 0)) && [[ $rest && $trimmed == "$rest" ]]; then
            words[-1]+=$word
        else
            words+=("$word")
        fi
        rest=${trimmed#"$word"}
    done
    words=("${words[@]//[\"\'\\]/}")

    local candidates
    mapfile -t candidates < <("${1/#\~/$HOME}" complete -- "${words[@]:1}" 2>/dev/null)
    COMPREPLY=()
    if [[ ${candidates[0]-} == :files ]]; then
        compopt -o default # bash's own, for files
        return
    fi

    # Only the last part of a word that bash has split is replaced.
    local breaks=${COMP_WORDBREAKS//[^=:]/} candidate split=''
    [[ ! $breaks || ${words[-1]} != *[$breaks]* ]] || split=${words[-1]%"${words[-1]##*[$breaks]}"}
    for candidate in "${candidates[@]}"; do
        candidate=${candidate%%$'\t'*}
        COMPREPLY+=("${candidate#"$split"}")
    done
}

complete -F _exapulse exapulse
