# SPDX-License-Identifier: BSD-3-Clause
# Completion of exapulsed for fish.
complete --command exapulsed --no-files
complete --command exapulsed --long config --require-parameter --force-files --description 'configuration file'
complete --command exapulsed --long instance --exclusive --description 'one of several, with files of its own'
complete --command exapulsed --long upstream --require-parameter --force-files --description "ExaBGP's Unix socket"
complete --command exapulsed --long fifo --require-parameter --force-files --description "ExaBGP's named pipes, NAME.in and NAME.out"
complete --command exapulsed --long pidfile --require-parameter --force-files --description "ExaBGP's pid file"
complete --command exapulsed --long socket --require-parameter --force-files --description 'the socket to serve'
complete --command exapulsed --long state-dir --require-parameter --force-files --description 'where the last UUID is remembered'
complete --command exapulsed --long interval --exclusive --description 'how often ExaBGP is pinged, such as 10s'
complete --command exapulsed --long log-level --exclusive --arguments 'debug info warning error' --description 'how much is logged'
complete --command exapulsed --long check-config --description 'read the configuration, say what is wrong, exit'
complete --command exapulsed --long print-config --description 'print the configuration in force, exit'
complete --command exapulsed --long help --description 'print a short help'
complete --command exapulsed --long version --description 'print the version'
