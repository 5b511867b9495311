#!/bin/sh
# Pairs this device with the server: configure.sh -c PAIR_CODE -rh HOST [--skip-human-check]
# HOST is a host name, reached by https, or a URL. AGENT_CONFIG names another settings file than the usual one.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
code='' host='' ask=yes
while [ $# -gt 0 ]; do
    case $1 in
        -c) code=${2:?} && shift 2 ;;
        -rh) host=${2:?} && shift 2 ;;
        --skip-human-check) ask=no && shift ;;
        *) echo "configure.sh: unknown option $1" >&2 && exit 2 ;;
    esac
done
if [ -z "$code" ] || [ -z "$host" ]; then
    echo "usage: configure.sh -c PAIR_CODE -rh HOST [--skip-human-check]" >&2
    exit 2
fi
if [ "$ask" = yes ]; then
    printf 'Pair this device with %s? [y/N] ' "$host"
    read -r said
    [ "$said" = y ] || exit 1
fi
# By standard input, as command lines can be read by everybody on the device.
printf '%s\n' "$code" | "$here/bin/penstock-agent" --config "${AGENT_CONFIG:-/etc/penstock-agent/agent.conf}" \
    provision --server "$host" --code -
echo "start it with: $here/bin/penstock-agent --config ${AGENT_CONFIG:-/etc/penstock-agent/agent.conf} start"
