#!/usr/bin/env bash
# Make sure that the tools outside Python are there; as root on Debian they are installed, else they are named.
set -euo pipefail
declare -A package=([chromium]=chromium [initdb]=postgresql [pdfsig]=poppler-utils [qpdf]=qpdf [openssl]=openssl [mutool]=mupdf-tools [zbarimg]=zbar-tools [certutil]=libnss3-tools)
missing=()
for tool in "${!package[@]}"; do
  case $tool in
    initdb) compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=("${package[$tool]}") ;;
    *) command -v "$tool" >/dev/null || missing+=("${package[$tool]}") ;;
  esac
done
fc-list :lang=zh 2>/dev/null | grep -q . || missing+=(fonts-noto-cjk)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "  installing with apt: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" fontconfig; } >"$log" 2>&1 && exit 0
  tail -5 "$log" >&2
fi
echo "make check needs these Debian packages: ${missing[*]}. Install them with: apt-get install ${missing[*]}" >&2
exit 1
