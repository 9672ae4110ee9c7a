#!/bin/sh
# Install the .deb in a bare Debian, use it as an ordinary user with keyboard and screen, remove it, and look for what is left.
#   sudo packaging/linux/check.sh PACKAGE.deb PICTURES [BASE]
# PICTURES receives screenshots and times. BASE is the folder of a debootstrapped Debian to copy; without it one is made.
# Needs root, debootstrap and a network. Ends with "CHECK PASSED", or says what is wrong and ends with an error.
set -eu
package=$(readlink -f "$1")
mkdir -p "$2"
pictures=$(readlink -f "$2")
base=${3:-}
root=$(mktemp -d)
chmod 755 "$root" # it becomes the root of an ordinary user too
tools="xvfb openbox xdotool imagemagick x11-utils"

finish() {
    umount "$root/proc" 2>/dev/null || true
    rm -rf --one-file-system "$root"
}
trap finish EXIT

inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
as_user() { inside su ada -s /bin/sh -c "cd; $1"; }
wrong() { echo "CHECK FAILED: $1" >&2; exit 1; }
files() { inside find / -xdev \( -path /proc -o -path /tmp -o -path /var -o -path /root -o -path /dev \) -prune -o -type f -print \
    | grep -v -E '__pycache__|^/etc/(ld.so.cache|mailcap)|^/usr/share/(mime|applications|icons|fonts|glib-2.0)/.*cache' | sort; }

echo "== a bare Debian"
if [ -n "$base" ]; then cp -a "$base/." "$root/"; else debootstrap --variant=minbase bookworm "$root"; fi
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
inside apt-get update -qq
inside apt-get install -y -qq --no-install-recommends $tools >/dev/null
inside id ada >/dev/null 2>&1 || inside useradd -m ada
inside mkdir -p -m 1777 /tmp/.X11-unix
files > "$pictures/before.txt"

echo "== install"
cp "$package" "$root/tmp/mlgui.deb"
begun=$(date +%s)
inside apt-get install -y -qq --no-install-recommends /tmp/mlgui.deb > "$pictures/install.log" 2>&1 || wrong "it does not install"
echo "installed in $(($(date +%s) - begun)) s" | tee "$pictures/times.txt"
inside test -x /usr/bin/mlgui || wrong "there is no /usr/bin/mlgui"
missing=$(inside env LD_LIBRARY_PATH=/opt/mlgui/_internal ldd /opt/mlgui/_internal/PySide6/Qt/plugins/platforms/libqxcb.so | grep "not found" || true)
[ -z "$missing" ] || wrong "libraries are missing: $missing"

echo "== self-test, and a fit with export on the command line"
as_user "mlgui selftest" > "$pictures/selftest.txt" || { cat "$pictures/selftest.txt"; wrong "the self-test"; }
tail -n 1 "$pictures/selftest.txt"
data=/opt/mlgui/_internal/mlgui/resources/examples/hsb/hsb.csv
as_user "mlgui fit $data --formula 'math ~ ses * sector + (ses | school)' --out results --json results.json" >/dev/null || wrong "fit"
as_user "test -s results/report.docx && test -s results/shrinkage.png -o -s results/report.html" || wrong "nothing was exported"

echo "== the window"
as_user "Xvfb :77 -screen 0 1600x1000x24 >/dev/null 2>&1 & sleep 2"
as_user "DISPLAY=:77 openbox >/dev/null 2>&1 & sleep 1"
as_user "DISPLAY=:77 import -window root empty.png"
sync; echo 3 > /proc/sys/vm/drop_caches 2>/dev/null || true
as_user "DISPLAY=:77 MLGUI_TIMING=1 mlgui --example hsb 2> timing.txt & echo \$! > mlgui.pid; \
    DISPLAY=:77 timeout 60 xdotool search --sync --onlyvisible --name mlgui >/dev/null; sleep 8; \
    DISPLAY=:77 import -window root hsb.png; \
    DISPLAY=:77 xdotool key ctrl+e; sleep 3; DISPLAY=:77 import -window root export.png; \
    DISPLAY=:77 xdotool key Return; sleep 3; DISPLAY=:77 xdotool key Escape; sleep 1; DISPLAY=:77 import -window root after.png; \
    DISPLAY=:77 xdotool key ctrl+q; sleep 3"
as_user "cat timing.txt" | tee -a "$pictures/times.txt"
as_user 'kill $(cat mlgui.pid) 2>/dev/null' 2>/dev/null && wrong "the window did not close"
for name in hsb export after; do cp "$root/home/ada/$name.png" "$pictures/"; done
as_user "ls *.pdf *.png *.svg" | tr '\n' ' '
as_user "cmp -s empty.png hsb.png" && wrong "there is no window"
inside sh -c 'kill $(cat /tmp/.X77-lock)' # the window manager goes with its screen
inside grep -q "mlgui" /usr/share/mime/globs2 2>/dev/null || echo "(the file type is registered by shared-mime-info, which is not installed here)"

echo "== remove"
inside apt-get purge -y -qq --autoremove mlgui >/dev/null 2>&1 || wrong "it does not uninstall"
inside test -e /opt/mlgui && wrong "/opt/mlgui is left"
files > "$pictures/after.txt"
left=$(comm -13 "$pictures/before.txt" "$pictures/after.txt" | grep -v "^/home/ada/" || true)
[ -z "$left" ] || wrong "left behind: $left"
echo "left in the user's home, as it should be: $(comm -13 "$pictures/before.txt" "$pictures/after.txt" | wc -l) files"
echo "CHECK PASSED"
