# A systemd user manager with a journal for a test, apart from the machine's own: session.sh NAME USER SYSTEMD JOURNAL
# The mounts are private to it; the cgroup NAME is removed by the one who started it. The journal ends with the manager.
set -eu
name=$1 user=$2 systemd=$3 journal=$4
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/log/journal "$journal"
mount --bind "$journal" /run/log/journal
for base in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
    [ -e "$base/cgroup.procs" ] || continue
    mkdir -p "$base/$name"
    chown -R "$user" "$base/$name"
    echo $$ > "$base/$name/cgroup.procs"
done
"$systemd-journald" &
journald=$!
until [ -S /run/systemd/journal/stdout ]; do sleep 0.02; done
setpriv --reuid="$user" --regid=nogroup --clear-groups -- "$systemd" --user &
manager=$!
trap 'kill "$manager"' TERM
while kill -0 "$manager" 2>/dev/null; do wait "$manager" || :; done
kill "$journald"
