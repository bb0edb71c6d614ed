# A systemd user manager for a test, apart from the machine's own: session.sh NAME USER SYSTEMD
# The mounts are private to it; the cgroup NAME is removed by the one who started it.
set -eu
name=$1 user=$2
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system
for base in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
    [ -e "$base/cgroup.procs" ] || continue
    mkdir -p "$base/$name"
    chown -R "$user" "$base/$name"
    echo $$ > "$base/$name/cgroup.procs"
done
exec setpriv --reuid="$user" --regid=nogroup --clear-groups -- "$3" --user
