#!/bin/sh
# The Debian packages: their contents, their dependencies, and that they work by bare names when unpacked in a folder. With `install` as the last
# argument they are installed in a fresh Debian 12, the tour is run, and after removal nothing is left of them; this takes root, the network and
# minutes: ./dev soak.
set -eu
library=$1 root=$2 install=${3-}
. "$root/tests/e2e/cli.sh"
. "$root/tests/e2e/shell.sh"
! is_sanitized || exit 77  # the packages contain the optimised build
command -v cpack > /dev/null && command -v dpkg-shlibdeps > /dev/null || exit 77
build=$(dirname "$library")
version=$(cat "$root/VERSION")
architecture=$(dpkg --print-architecture)

cpack --config "$build/CPackConfig.cmake" -B packages > cpack.log 2>&1 || { cat cpack.log; exit 1; }
mod=packages/libsqlite3-mod-cdr_${version}_$architecture.deb tools=packages/cdr-tools_${version}_$architecture.deb
[ "$(ls packages/*.deb)" = "$(printf '%s\n' "$tools" "$mod")" ]
# Small, because the files are stripped; exactly the needed dependencies are named.
for package in "$mod" "$tools"; do [ "$(stat -c %s "$package")" -lt 4000000 ]; done
dpkg-deb -f "$mod" Depends > depends
for needed in libc6 libstdc++6 libsimdjson libsodium zlib1g libzstd1 tzdata libsqlite3-0; do grep -q "$needed" depends || { echo "the library does not depend on $needed"; exit 1; }; done
! grep -q -e xlsxwriter -e sqlitecpp depends || { echo "the package depends on a library that is linked in"; exit 1; }
dpkg-deb -f "$tools" Depends > depends
for needed in libsqlite3-0 libxlsxwriter tzdata; do grep -q "$needed" depends || { echo "the tools do not depend on $needed"; exit 1; }; done
for package in "$mod" "$tools"; do
  dpkg-deb -x "$package" unpacked
  dpkg-deb -c "$package" | awk '{print $1, $2}' | grep -v -e '^[-d]rw[-x]r-[-x]r-[-x] root/root$' && { echo "odd owners or modes in $package"; exit 1; }
done
so=$(find unpacked -name libcdr.so)
[ "$so" = "unpacked/usr/lib/$(gcc -print-multiarch)/libcdr.so" ]
! readelf -S "$so" | grep -q '\.debug_info' || { echo "debug information in the library"; exit 1; }
[ "$(readelf --dyn-syms -W "$so" | awk '$7 != "UND" && $5 == "GLOBAL" {print $8}' | sort | tr '\n' ' ')" = "$(readelf --dyn-syms -W "$library" | awk '$7 != "UND" && $5 == "GLOBAL" {print $8}' | sort | tr '\n' ' ')" ]

# Used from the unpacked folder: by bare name in the stock shell, over ODBC, and the program with its man page, completions and samples.
bin=$work/unpacked/usr/bin share=$work/unpacked/usr/share
LD_LIBRARY_PATH=$work/$(dirname "$so")
export LD_LIBRARY_PATH
[ "$(sqlite3 -batch -init /dev/null :memory: ".load libcdr" "SELECT cdr_version()")" = "$version" ]
[ "$("$bin/cdr" --version)" = "cdr $version" ]
"$bin/cdr" import "$share/cdr/samples" > said
grep -q "^[0-9]* files, [0-9]* records: [1-9][0-9]* inserted, " said
"$bin/cdr" doctor | grep -q "libcdr.so, version $version, loads"
echo "SELECT count(*) FROM interactions;" | HOME=$work "$bin/cdr" shell > /dev/null
mkdir odbc
printf '[SQLite3]\nDriver = libsqlite3odbc.so\n' > odbc/odbcinst.ini
printf '[cdr]\nDriver = SQLite3\nDatabase = %s/cdr.db\nLoadExt = libcdr\n' "$work" > odbc/odbc.ini
[ "$(echo "SELECT cdr_version()" | ODBCSYSINI=$work/odbc ODBCINI=$work/odbc/odbc.ini isql -b '-d|' cdr)" = "$version" ]
config="pkg-config --define-prefix"
export PKG_CONFIG_PATH="$LD_LIBRARY_PATH/pkgconfig"
[ "$($config --modversion sqlite-cdr)" = "$version" ]
[ "$(realpath "$(pkg-config --variable=extension sqlite-cdr)")" = "$(realpath "$so")" ]
cmp "$root/samples/conpeek/day.ndjson" "$share/cdr/samples/conpeek/day.ndjson"
[ -f "$share/doc/cdr-tools/docs/cli.md" ]
if command -v man > /dev/null; then
  man --warnings -E UTF-8 -l "$share/man/man1/cdr.1.gz" > page 2> warnings
  [ ! -s warnings ] || { cat warnings; exit 1; }
fi
# The man page has exactly the commands and options of the help.
commands=$("$bin/cdr" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
zcat "$share/man/man1/cdr.1.gz" | sed 's/\\-/-/g; s/\\f[A-Z]//g' > manual
options_of() { grep -o -e '--[a-z][a-z-]*' | sort -u; }
for command in '' $commands; do
  [ -z "$command" ] || grep -q -E "^(\.B|\.BI) $command( |\$)" manual || { echo "the man page has no command $command" >&2; exit 1; }
  "$bin/cdr" $command --help
done > help
options_of < help > options
options_of < manual | diff options - || { echo "the man page and the help have other options"; exit 1; }
# Completion, called as the shells call it.
cat > complete.bash <<'END'
. "$1"
ask() { COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _cdr 2> /dev/null; echo "${COMPREPLY[*]}"; }
ask "$2" que
ask "$2" query --form
ask "$2" query --format nd
ask "$2" export queue_vis
ask "$2" --db cdr.db tab
END
bash complete.bash "$share/bash-completion/completions/cdr" "$bin/cdr" | diff - /dev/fd/3 3<<'END'
query
--format
ndjson
queue_visits queue_visit
tables
END
! command -v zsh > /dev/null || zsh -n "$share/zsh/vendor-completions/_cdr"
if command -v fish > /dev/null; then
  HOME=$work PATH="$bin:$PATH" fish -c "source $share/fish/vendor_completions.d/cdr.fish; complete -C 'cdr que'; complete -C 'cdr query --form'" | cut -f1 | sort > fish
  printf '%s\n' --format query | diff fish -
fi

# cmake --install installs the same files, under a chosen prefix.
for component in library tools; do cmake --install "$build" --prefix "$work/prefix" --component $component > /dev/null; done
(cd prefix && find . -type f | sort) > own
(cd unpacked/usr && find . -type f | sort) | diff own -

[ "$install" = install ] || exit 0
# A fresh Debian base system: apt installs the dependencies; the tour runs as README describes it; its page opens in Chromium; a query runs over ODBC.
# After removal every file and package of the system is as before. The user's own files stay; only the user deletes them.
chromium=$(command -v chromium) || { echo "there is no chromium"; exit 77; }
unset LD_LIBRARY_PATH PKG_CONFIG_PATH
debootstrap --variant=minbase bookworm fresh http://deb.debian.org/debian > debootstrap.log 2>&1 || { tail -3 debootstrap.log; exit 1; }
cp packages/*.deb fresh/
inside() { chroot fresh env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive "$@"; }
# Ignores what Debian's own packages leave behind: caches, logs, and the empty folders of ca-certificates.
there() {
  (cd fresh && find bin boot etc home lib lib32 lib64 mnt opt root sbin srv tmp usr var ! -path 'var/cache/*' ! -path 'var/lib/apt/*' ! -path 'var/lib/dpkg/*' ! -path 'var/log/*' \
    ! -path etc/ssl ! -path usr/local/share/ca-certificates 2> /dev/null | sort)
  inside dpkg-query -W -f '${Package} ${Status}\n' | sort
}
inside apt-get update -qq
there > before
inside apt-get install -y -qq "./$(basename "$mod")" "./$(basename "$tools")" > apt.log 2>&1 || { tail -5 apt.log; exit 1; }
inside sh -euc '
  mkdir /root/mine
  cd /root/mine
  cdr demo tour
  cd tour
  for query in queries/*.sql; do cdr query -f $query > rows; [ "$(wc -l < rows)" -gt 1 ]; done
  cdr report --from 2024-05-06 --text > /dev/null
  cdr export interaction --out day.xlsx
  echo "SELECT count(*) FROM interactions;" | cdr shell > /dev/null
  [ "$(sqlite3 :memory: ".load libcdr" "SELECT count(*) > 20 FROM cdr_tables")" = 1 ]
  cdr doctor' > used.log 2>&1 || { cat used.log; exit 1; }
/usr/bin/python3 "$root/tests/e2e/browser.py" "$chromium" "$work" fresh/root/mine/tour/report.html
inside apt-get install -y -qq unixodbc libsqliteodbc > apt.log 2>&1 || { tail -5 apt.log; exit 1; }
inside sh -euc '
  cd /root/mine/tour
  cdr odbc --install
  [ "$(echo "SELECT count(*) > 100 FROM interaction" | isql -b "-d|" cdr)" = 1 ]
  [ "$(echo "SELECT count(*) > 100 FROM interactions" | isql -b "-d|" cdr)" = 1 ]
  ! cdr doctor | grep "^wrong"' > used.log 2>&1 || { cat used.log; exit 1; }
# By default apt keeps packages that a package of the base system suggests.
inside apt-get purge -y -qq --auto-remove -o APT::AutoRemove::SuggestsImportant=false -o APT::AutoRemove::RecommendsImportant=false libsqlite3-mod-cdr cdr-tools unixodbc libsqliteodbc > apt.log 2>&1 || { tail -5 apt.log; exit 1; }
[ -s fresh/root/mine/tour/cdr.db ]
rm -r fresh/root/mine fresh/root/.odbc.ini fresh/root/.isql_history
there | diff before - || { echo "something is left of the packages"; exit 1; }
