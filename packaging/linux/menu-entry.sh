#!/bin/sh
# Put this copy of mlgui into the menu of the present user and open .mlgui files with it, or take both out again.
#   ./menu-entry.sh add | remove
set -eu
here=$(cd "$(dirname "$0")" && pwd)
share=${XDG_DATA_HOME:-$HOME/.local/share}

each_icon() {
    (cd "$here/share/icons" && find hicolor -type f)
}

refresh() {
    if command -v update-desktop-database >/dev/null; then update-desktop-database "$share/applications" || true; fi
    if command -v update-mime-database >/dev/null; then update-mime-database "$share/mime" || true; fi
}

case ${1:-} in
add)
    mkdir -p "$share/applications" "$share/mime/packages"
    sed "s|^Exec=.*|Exec=\"$here/mlgui-gui\" %f|" "$here/share/applications/mlgui.desktop" > "$share/applications/mlgui.desktop"
    cp "$here/share/mime/packages/mlgui.xml" "$share/mime/packages/"
    each_icon | while read -r icon; do
        mkdir -p "$share/icons/$(dirname "$icon")"
        cp "$here/share/icons/$icon" "$share/icons/$icon"
    done
    refresh
    ;;
remove)
    rm -f "$share/applications/mlgui.desktop" "$share/mime/packages/mlgui.xml"
    each_icon | while read -r icon; do rm -f "$share/icons/$icon"; done
    refresh
    ;;
*)
    echo "usage: $0 add | remove" >&2
    exit 2
    ;;
esac
