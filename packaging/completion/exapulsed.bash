# SPDX-License-Identifier: BSD-3-Clause
# Completion of exapulsed for bash.
_exapulsed() {
    local typed=${COMP_WORDS[COMP_CWORD]}
    case ${COMP_WORDS[COMP_CWORD - 1]} in
        --config | --upstream | --fifo | --pidfile | --socket | --state-dir)
            compopt -o default # bash's own, for files
            ;;
        --log-level) mapfile -t COMPREPLY < <(compgen -W 'debug info warning error' -- "$typed") ;;
        --as) mapfile -t COMPREPLY < <(compgen -u -- "$typed") ;;
        --instance | --interval) ;;
        *)
            mapfile -t COMPREPLY < <(compgen -W '--config --instance --upstream --fifo --pidfile
                --socket --state-dir --interval --log-level --check-config --as --print-config --help
                --version' -- "$typed")
            ;;
    esac
}

complete -F _exapulsed exapulsed
