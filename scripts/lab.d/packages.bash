# What a guest is made of: Debian packages, downloaded once and unpacked in the cache. This machine
# itself gets nothing installed. Sourced by scripts/lab.
# shellcheck shell=bash

readonly kernel_package=user-mode-linux
# Laid over this machine's own files in a guest.
readonly tool_packages=(
  lvm2 dmsetup dmeventd libdevmapper1.02.1 libdevmapper-event1.02.1 liblvm2cmd2.03 libaio1
  libedit2 libbsd0 libmd0 thin-provisioning-tools
  e2fsprogs libext2fs2 libss2 libcom-err2 xfsprogs libinih1 liburcu8 btrfs-progs fuse3 libfuse3-3
  sqlite3 libsqlite3-0 libreadline8 libtinfo6 sudo
  openssh-server openssh-client openssh-sftp-server libwrap0 busybox-static kmod libkmod2 iproute2 procps
)

# Downloads and unpacks what is not there yet, or was made from another list than this.
prepare() {
  local stamp
  stamp=$(cat "$here/lab.d/packages.bash" "$here/lab.d/lvm.conf" | sha256sum)
  [[ $(cat "$cache/stamp" 2>/dev/null) != "$stamp" ]] || return 0
  command -v taskset >/dev/null || die "taskset is missing (util-linux)"
  [[ $(uname -m) == x86_64 ]] || die "User Mode Linux runs on x86_64 only"
  [[ $here$cache != *[[:space:]]* ]] || die "blanks in $here or $cache: kernels take no such path"
  mkdir -p "$cache/packages"
  exec 5>"$cache/lock"
  flock 5
  say "preparing $cache"
  download "$kernel_package" "${tool_packages[@]}"
  rm -rf "$cache/tools" "$cache/uml" "$cache/stamp"
  unpack "$cache/uml" "$kernel_package"
  unpack "$cache/tools" "${tool_packages[@]}"
  install -D -m 644 "$here/lab.d/lvm.conf" "$cache/tools/etc/lvm/lvm.conf"
  mkdir -p "$cache/tools/lib/modules"
  echo "$stamp" >"$cache/stamp"
  exec 5>&-
}

download() (
  cd "$cache/packages"
  missing=()
  for package; do
    compgen -G "${package}_*.deb" >/dev/null || missing+=("$package")
  done
  ((${#missing[@]} > 0)) || exit 0
  command -v apt-get >/dev/null || die "the lab is made of Debian packages, and there is no apt-get"
  fetch() { apt-get -qq -o APT::Sandbox::User=root download "${missing[@]}" >&2; }
  fetch 2>/dev/null && exit
  ((EUID != 0)) || apt-get -qq update >&2 || true
  fetch || die "cannot download ${missing[*]}; as root, apt-get update may be needed"
)

# Unpacks into a tree with a merged /usr: made by dpkg-deb alone, /bin would be a directory, and in a
# guest hide this machine's.
unpack() {
  local tree=$1 name package
  shift
  for name in bin sbin lib lib64; do
    mkdir -p "$tree/usr/$name"
    ln -s "usr/$name" "$tree/$name"
  done
  for package; do
    dpkg-deb --fsys-tarfile "$cache/packages/${package}"_*.deb |
      tar -x --keep-directory-symlink -C "$tree"
  done
}
