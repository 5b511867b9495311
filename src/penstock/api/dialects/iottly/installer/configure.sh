#!/bin/sh
# Pairs this device with the server: configure.sh -c PAIR_CODE -rh HOST [--skip-human-check]
# HOST is a host name, reached by https, or a URL. AGENT_CONFIG names another settings file than the usual one; then nothing
# else is installed. AGENT_ROOT names a folder to install into instead of /, as packages are built.
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
printf '%s\n' "$code" | "$here/bin/penstock-agent" --config "${AGENT_CONFIG:-${AGENT_ROOT:-}/etc/penstock-agent/agent.conf}" \
    provision --server "$host" --code -
root=${AGENT_ROOT:-}
if [ -z "$root" ] && { [ -n "${AGENT_CONFIG:-}" ] || [ "$(id -u)" != 0 ]; }; then
    echo "start it with: $here/bin/penstock-agent --config ${AGENT_CONFIG:-/etc/penstock-agent/agent.conf} start"
    exit 0
fi
# The vendor's paths and names, for scripts and habits that know them.
mkdir -p "$root/opt/iottly/bin" "$root/usr/local/bin" "$root/etc/systemd/system" "$root/etc/iottly"
for name in iottly-agent penstock-agent; do
    ln -sfn "$here/bin/penstock-agent" "$root/opt/iottly/bin/$name"
    ln -sfn "/opt/iottly/bin/$name" "$root/usr/local/bin/$name"
done
[ -e "$root/etc/iottly/agent.conf" ] || ln -sfn /etc/penstock-agent/agent.conf "$root/etc/iottly/agent.conf"
cp "$here/penstock-agent.service" "$root/etc/systemd/system/penstock-agent.service"
ln -sfn penstock-agent.service "$root/etc/systemd/system/iottly-agent.service"
if [ -z "$root" ] && [ -d /run/systemd/system ]; then
    systemctl daemon-reload
fi
echo "start it with: systemctl enable --now iottly-agent"
