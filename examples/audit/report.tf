locals {
  # The groups of statuses in the bar, worst first. A status that is in none of
  # the others is in the last.
  tones = [
    { tone = "bad", title = "Failing or retrying", pattern = "(?i)failed$|^abnormal$|^retrying$" },
    { tone = "warn", title = "Paused or locked", pattern = "(?i)^(locked|suspending)$" },
    { tone = "good", title = "Running", pattern = "(?i)^(migrating|synchronizing|normal|initializing)$" },
    { tone = "done", title = "Finished", pattern = "(?i)^finished$" },
    { tone = "idle", title = "Other", pattern = "" },
  ]
  tone_of = {
    for status in distinct(local.jobs[*].status) : status =>
    [for tone in local.tones : tone.tone if can(regex(tone.pattern, status))][0]
  }

  by_status = { for job in local.jobs : job.status => job.id... }
  by_tone   = { for job in local.jobs : local.tone_of[job.status] => job.id... }

  # The parts of the bar.
  parts = [
    for tone in local.tones : merge(tone, { count = length(local.by_tone[tone.tone]) })
    if contains(keys(local.by_tone), tone.tone)
  ]

  type_titles = {
    MIGRATION = "migration"
    SYNC      = "synchronization"
    SUBSCRIBE = "change tracking"
  }

  # Everything that the page shows. The template is given nothing else, so that
  # all of it is escaped below.
  shown = {
    page = [{
      now     = formatdate("YYYY-MM-DD hh:mm", local.now)
      regions = join(", ", sort(var.regions))
      count   = length(local.jobs)
      clean   = length([for job in local.jobs : job if length(job.kinds) == 0])
    }]
    parts = [
      for at, part in local.parts : merge(part, { start = sum(concat([0], slice(local.parts, 0, at)[*].count)) })
    ]
    kinds = [
      for kind in local.kinds : merge(kind, {
        count = length(local.findings[kind.kind])
        about = {
          failing   = "stopped by an error"
          retrying  = "after an error"
          lagging   = "over ${var.delay_limit} s behind"
          expiring  = "within ${var.expiry_days} days, or expired"
          no_tls    = "to a database"
          oversized = "usage under ${var.low_use} %"
          untagged  = "no tag at all"
          two_way   = "both directions"
        }[kind.kind]
      })
    ]
    jobs = [
      for number, job in local.jobs : {
        number      = number
        id          = job.id
        name        = job.name == "" ? job.id : job.name
        is_long     = length(job.name) > 80
        region      = job.region
        type        = lookup(local.type_titles, job.type, lower(job.type))
        place       = join(" · ", compact([job.region, lookup(local.type_titles, job.type, lower(job.type)), job.class, lower(job.direction)]))
        source      = job.source == "" ? "–" : job.source
        destination = job.destination == "" ? "–" : job.destination
        console_url = job.console_url
        status      = job.status
        tone        = local.tone_of[job.status]
        percent     = try(job.progress.percent, "")
        progress = try(
          !contains(job.kinds, "failing") ? "${job.progress.stage} ${job.progress.percent}\u00a0%" :
          job.progress.stage == "precheck" || job.progress.percent == 100 ? "failed in ${job.progress.stage}" :
          "failed in ${job.progress.stage} at ${job.progress.percent}\u00a0%",
        "")
        # A full bar means success. The percentage of a failed precheck is that of
        # the items checked.
        has_bar = job.progress != null && !try(
          local.tone_of[job.status] == "bad" && (job.progress.stage == "precheck" || job.progress.percent == 100),
        false)
        seconds = job.delay_seconds
        delay = job.delay_seconds == null ? "" : (
          job.delay_seconds < 120 ? "${job.delay_seconds} s" :
          job.delay_seconds < 7200 ? "${floor(job.delay_seconds / 60)} min" :
          job.delay_seconds < 172800 ? "${floor(job.delay_seconds / 3600)} h" :
          "${floor(job.delay_seconds / 86400)} d"
        )
        late     = contains(job.kinds, "lagging") ? "late" : ""
        expires  = try(formatdate("YYYY-MM-DD", job.expire_time), job.expire_time)
        findings = join(" ", job.kinds)
        rank     = job.rank
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
    reasons = flatten([
      for number, job in local.jobs : [
        for kind in local.kinds : merge(kind, {
          number  = number
          reason  = job.reasons[kind.kind]
          is_long = length(job.reasons[kind.kind]) > 140
        }) if contains(job.kinds, kind.kind)
      ]
    ])
  }

  # The only place where text is made safe for HTML, in elements and in quoted
  # attributes. The ampersand comes first, so that it does not escape the other
  # escapes. HTML does not allow control characters.
  escaped = {
    for part, rows in local.shown : part => [
      for row in rows : {
        for field, text in row : field => replace(replace(replace(replace(replace(replace(
          text == null ? "" : text,
          "/\\p{Cc}+/", " "),
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
    page    = local.escaped.page[0]
    reasons = { for reason in local.escaped.reasons : reason.number => reason... }
    labels  = { for label in local.escaped.labels : label.number => label.tag... }
    style   = local.style
    script  = local.script
    policy  = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-${base64sha256(local.style)}'; script-src 'sha256-${base64sha256(local.script)}'"
  }))
}
