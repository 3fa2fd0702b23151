# SPDX-License-Identifier: BSD-3-Clause
# Completion of exapulsed for fish.
complete --command exapulsed --no-files
complete --command exapulsed --long config --require-parameter --force-files --description 'configuration file'
complete --command exapulsed --long instance --exclusive --description 'one of several instances, with its own files'
complete --command exapulsed --long upstream --require-parameter --force-files --description "ExaBGP's Unix socket"
complete --command exapulsed --long fifo --require-parameter --force-files --description "ExaBGP's named pipes, NAME.in and NAME.out"
complete --command exapulsed --long pidfile --require-parameter --force-files --description "ExaBGP's pid file"
complete --command exapulsed --long socket --require-parameter --force-files --description 'the socket to serve'
complete --command exapulsed --long state-dir --require-parameter --force-files --description 'where the last UUID is stored'
complete --command exapulsed --long interval --exclusive --description 'how often ExaBGP is pinged, such as 10s'
complete --command exapulsed --long log-level --exclusive --arguments 'debug info warning error' --description 'log level'
complete --command exapulsed --long check-config --description 'check the configuration and exit'
complete --command exapulsed --long as --exclusive --arguments '(__fish_complete_users)' --description 'with --check-config, what this user may do'
complete --command exapulsed --long print-config --description 'print the effective configuration and exit'
complete --command exapulsed --long help --description 'print a short help'
complete --command exapulsed --long version --description 'print the version'
