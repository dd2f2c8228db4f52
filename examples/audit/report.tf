locals {
  # The colors of statuses. The first pattern that matches counts.
  tones = [
    { tone = "bad", pattern = "(?i)failed$|^abnormal$|^retrying$|^unknown$" },
    { tone = "warn", pattern = "(?i)^(locked|suspending)$" },
    { tone = "good", pattern = "(?i)^(migrating|synchronizing|normal|initializing)$" },
    { tone = "done", pattern = "" },
  ]
  tone_of = {
    for status in distinct(local.jobs[*].status) : status =>
    [for tone in local.tones : tone.tone if can(regex(tone.pattern, status))][0]
  }

  # Everything that the page shows. The template is given nothing else, so that
  # all of it is escaped below.
  shown = {
    page = [{
      now = formatdate("YYYY-MM-DD hh:mm", local.now)
      summary = join(", ", compact([
        "${local.counted} in ${join(" and ", sort(var.regions))}",
        "${length([for job in local.jobs : job if length(job.findings) == 0])} without findings",
        length(flatten(local.jobs[*].exceptions)) == 0 ? "" : "${length(flatten(local.jobs[*].exceptions))} exceptions",
        var.since == null ? "" : "${length(local.new)} findings new and ${length(local.gone)} gone since the last run",
      ]))
    }]
    tiles = concat(
      [{ kind = "", title = "All", tone = "done", count = length(local.jobs), about = "jobs" }],
      [
        for since in var.since[*] : {
          kind  = "new"
          title = "New"
          tone  = "bad"
          count = length([for job in local.jobs : job if anytrue(job.findings[*].new)])
          about = "since the last run"
        }
      ],
      [
        for kind in local.kinds : merge(kind, {
          count = length(local.findings[kind.kind])
          about = {
            failing   = "stopped by an error"
            retrying  = "after an error"
            lagging   = "over ${local.durations[var.delay_limit]} behind"
            expiring  = "within ${var.expiry_days} days, or expired"
            no_tls    = "to a database"
            oversized = "usage under ${var.low_use}\u00a0%"
            untagged  = "no tag at all"
            two_way   = "both directions"
          }[kind.kind]
        })
      ],
    )
    jobs = [
      for number, job in local.jobs : {
        number = number
        id     = job.id
        name   = job.name == "" ? job.id : job.name
        region = job.region
        type   = job.type
        place = join(" · ", compact([
          job.region, job.type, job.class,
          job.reverse_of == "" ? "" : "reverse job of ${job.reverse_of}",
        ]))
        route       = join(" → ", [for end in job.ends : end == "" ? "–" : end])
        console_url = job.console_url
        status      = job.status
        tone        = local.tone_of[job.status]
        percent     = try(job.progress.percent, "")
        progress = job.progress == null ? "" : (
          !contains(keys(job.reasons), "failing") ? "${job.progress.name} ${job.progress.percent}\u00a0%" :
          job.progress.name == "precheck" || job.progress.percent == 100 ? "failed in ${job.progress.name}" :
          "failed in ${job.progress.name} at ${job.progress.percent}\u00a0%"
        )
        seconds  = job.delay_seconds
        delay    = job.delay_seconds == null ? "" : local.durations[job.delay_seconds]
        late     = contains(job.findings[*].kind, "lagging") ? "late" : ""
        expires  = try(formatdate("YYYY-MM-DD", job.expire_time), job.expire_time)
        rank     = job.rank
        findings = join(" ", concat(job.findings[*].kind, [for finding in job.findings : "new" if finding.new]))
        error    = job.error == "" ? job.retry_message : job.error
        help_url = job.help_url
        tags     = jsonencode(job.tags)
      }
    ]
    labels = flatten([
      for number, job in local.jobs : [
        for key, value in job.tags : { number = number, tag = join(": ", compact([key, value])) }
      ]
    ])
    findings = flatten([
      for number, job in local.jobs : [
        for finding in job.findings : merge(finding, {
          number  = number
          is_long = length(finding.reason) > 140
          since   = try(formatdate("YYYY-MM-DD hh:mm", finding.since), "")
        })
      ]
    ])
  }

  # The only place where text is made safe for HTML, in elements and in quoted
  # attributes. The ampersand comes first, so that it does not escape the other
  # escapes.
  escaped = {
    for part, rows in local.shown : part => [
      for row in rows : {
        for field, text in row : field => replace(replace(replace(replace(replace(replace(
          text == null ? "" : text,
          local.unprintable, " "),
          "&", "&amp;"),
          "<", "&lt;"),
          ">", "&gt;"),
          "\"", "&quot;"),
        "'", "&#39;")
      }
    ]
  }

  # The security policy allows this style and this script only, by their hashes,
  # so text that was not escaped would still do nothing. A browser hashes lines
  # that end in \n, however git checked out the files.
  style  = replace(file("${path.module}/report.css"), "\r\n", "\n")
  script = replace(file("${path.module}/report.js"), "\r\n", "\n")

  html = templatefile("${path.module}/report.html.tftpl", merge(local.escaped, {
    page     = local.escaped.page[0]
    findings = { for finding in local.escaped.findings : finding.number => finding... }
    labels   = { for label in local.escaped.labels : label.number => label.tag... }
    style    = local.style
    script   = local.script
    policy = join("; ", [
      "default-src 'none'", "base-uri 'none'", "form-action 'none'",
      "style-src 'sha256-${base64sha256(local.style)}'", "script-src 'sha256-${base64sha256(local.script)}'",
    ])
  }))
}
