#!/bin/sh
# Audits after terraform init: prints what has changed since the last run, writes
# the reports, and fails unless all checks pass. Findings of the kinds oversized
# and untagged are tolerated. Arguments go to terraform plan.
#
# With --baseline as the first argument, it writes all findings as exceptions to
# exceptions.auto.tfvars.json instead of failing, so that only later ones fail.
set -eu

baseline=false
if [ "${1:-}" = --baseline ]; then
  baseline=true
  shift
fi

# Not in a pipe: OpenTofu reads the file even to print outputs.
last=$(terraform output -json)
printf '%s' "$last" | jq '{since: .since.value}' > since.auto.tfvars.json
terraform plan -input=false -out=audit.tfplan "$@"
terraform apply -input=false audit.tfplan
terraform output -raw report_html > report.html
terraform output -raw report_csv > report.csv

if $baseline; then
  found=$(terraform output -json baseline)
  printf '%s' "$found" | jq '{exceptions: .}' > exceptions.auto.tfvars.json
  exit
fi
terraform show -json | jq -e '
  [.checks[] | select(.status != "pass") | .address.name] - ["oversized", "untagged"]
  | . == [] or error("failed checks: " + join(", "))'
