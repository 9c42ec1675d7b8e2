#!/bin/sh
# Runs `solidair` with the settings that hold a secret read from files: SOLIDAIR_DATABASE_URL_FILE and SOLIDAIR_AMQP_URL_FILE.
# A secret in a file stands in no description of the container. SOLIDAIR_KEY_FILE is a file already and is left alone.
set -eu

for name in SOLIDAIR_DATABASE_URL SOLIDAIR_AMQP_URL; do
  eval "file=\${${name}_FILE:-}"
  if [ -n "$file" ]; then
    if [ ! -r "$file" ]; then
      echo "solidair: ${name}_FILE wijst naar $file, dat niet te lezen is" >&2
      exit 2
    fi
    value=$(cat "$file")
    export "$name=$value"
    unset "${name}_FILE"
  fi
done

exec solidair "$@"
