# A check block warns and does not stop the run. There is none for two-way jobs,
# because they need no repair.

locals {
  titles = { for kind in local.kinds : kind.kind => kind.title }

  # A warning names ten jobs and shortens long texts; the reports have all of it.
  # Control characters would reach the terminal.
  warnings = {
    for kind, found in local.findings : kind => join("\n", concat(
      ["${local.titles[kind]}: ${length(found)} of ${length(local.jobs)} DTS jobs"],
      [
        for job in slice(found, 0, min(10, length(found))) :
        replace("  ${job.dts_job_id} ${substr(job.dts_job_name, 0, 60)} (${job.region}, ${substr(job.status, 0, 30)}): ${substr(job.reason, 0, 200)}", "/\\p{Cc}+/", " ")
      ],
      length(found) > 10 ? ["  and ${length(found) - 10} more"] : [],
    ))
  }
}

check "failing" {
  assert {
    condition     = length(local.findings.failing) == 0
    error_message = local.warnings.failing
  }
}

check "retrying" {
  assert {
    condition     = length(local.findings.retrying) == 0
    error_message = local.warnings.retrying
  }
}

check "lagging" {
  assert {
    condition     = length(local.findings.lagging) == 0
    error_message = local.warnings.lagging
  }
}

check "expiring" {
  assert {
    condition     = length(local.findings.expiring) == 0
    error_message = local.warnings.expiring
  }
}

check "no_tls" {
  assert {
    condition     = length(local.findings.no_tls) == 0
    error_message = local.warnings.no_tls
  }
}

check "oversized" {
  assert {
    condition     = length(local.findings.oversized) == 0
    error_message = local.warnings.oversized
  }
}

check "untagged" {
  assert {
    condition     = length(local.findings.untagged) == 0
    error_message = local.warnings.untagged
  }
}
