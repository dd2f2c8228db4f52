# A check block warns and does not stop the run. Two-way jobs have no check,
# because they need no repair.

locals {
  job_count     = length([for job in local.jobs : job if job.reverse_of == ""])
  reverse_count = length(local.jobs) - local.job_count
  counted = join(" and ", compact([
    "${local.job_count} ${local.job_count == 1 ? "job" : "jobs"}",
    local.reverse_count == 0 ? "" : "${local.reverse_count} reverse ${local.reverse_count == 1 ? "job" : "jobs"}",
  ]))

  # Characters that would control a terminal, or reverse the text after them.
  unprintable = "/[\\p{Cc}\\x{2028}-\\x{202E}\\x{2066}-\\x{2069}]+/"

  # A warning names ten jobs and shortens long texts; the reports have all of it.
  warnings = {
    for kind in local.kinds : kind.kind => join("\n", concat(
      ["${kind.title}: ${length(local.findings[kind.kind])} of ${local.counted}"],
      [
        for number, job in local.findings[kind.kind] : replace(
          join("", [
            "  ${job.dts_job_id} ${substr(job.dts_job_name, 0, 60)} ",
            "(${job.region}, ${substr(job.status, 0, 30)}${job.new ? ", new" : ""}): ${substr(job.reason, 0, 200)}",
          ]),
          local.unprintable, " "
        ) if number < 10
      ],
      length(local.findings[kind.kind]) > 10 ? ["  and ${length(local.findings[kind.kind]) - 10} more"] : [],
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
