#!/usr/bin/env bash
# Builds the contracts and runs everything that checks them. Needs only Node and this folder's npm packages.
set -euo pipefail
cd "$(dirname "$0")"

if [[ ! -x node_modules/.bin/forge ]] || [[ package-lock.json -nt node_modules/.package-lock.json ]]; then
  # Not `npm ci`: it insists on the binaries for all platforms, and not all of them are published.
  npm install --no-save --no-audit --no-fund
fi
export PATH="$PWD/node_modules/.bin:$PATH"

forge build
node abi.mjs --check
node test/vectors/make.mjs --check
forge test
node --test test/*.test.mjs
