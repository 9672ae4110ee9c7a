#!/bin/sh
# Unpack the archive, move the folder, test the program there, add and remove its menu entry, and look for what is left.
#   packaging/linux/check-archive.sh ARCHIVE.tar.xz
set -eu
archive=$(readlink -f "$1")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export HOME="$place/home" XDG_DATA_HOME="$place/home/share" QT_QPA_PLATFORM=offscreen
mkdir -p "$HOME" "$place/unpacked"

wrong() { echo "CHECK FAILED: $1" >&2; exit 1; }

tar -xJf "$archive" -C "$place/unpacked"
mv "$place"/unpacked/mlgui-* "$place/moved here"
cd "$place/moved here"
./mlgui selftest | tail -n 1 || wrong "the self-test"
MLGUI_QUIT=1 ./mlgui-gui || wrong "the window"
./menu-entry.sh add
grep -q "^Exec=\"$place/moved here/mlgui-gui\" %f" "$XDG_DATA_HOME/applications/mlgui.desktop" || wrong "the menu entry"
./menu-entry.sh remove
left=$(find "$XDG_DATA_HOME/applications" "$XDG_DATA_HOME/icons" "$XDG_DATA_HOME/mime/packages" -type f ! -name 'mimeinfo.cache')
[ -z "$left" ] || wrong "left behind: $left"
echo "CHECK PASSED"
