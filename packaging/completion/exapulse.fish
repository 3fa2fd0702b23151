# SPDX-License-Identifier: BSD-3-Clause
# Completion of exapulse for fish; the candidates come from exapulse itself.
function __exapulse_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l current (commandline --cut-at-cursor --current-token)
    set -l candidates ($words[1] complete -- $words[2..] "$current" 2>/dev/null)
    if test "$candidates[1]" = :files
        set -l option (string match --regex -- '^--[^=]*=' "$current")
        for file in (__fish_complete_path (string replace -- "$option" '' "$current"))
            echo "$option$file"
        end
        return
    end
    printf '%s\n' $candidates
end

complete --command exapulse --no-files --arguments '(__exapulse_complete)'
