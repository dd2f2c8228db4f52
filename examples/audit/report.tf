locals {
  # The colour of a status.
  tones = {
    for status in distinct(local.jobs[*].status) : status => (
      can(regex("(?i)failed$|^abnormal$|^retrying$", status)) ? "bad" :
      can(regex("(?i)^(locked|suspending)$", status)) ? "warn" :
      can(regex("(?i)^(migrating|synchronizing|normal|initializing)$", status)) ? "good" :
      lower(status) == "finished" ? "done" : "idle"
    )
  }

  by_status = { for job in local.jobs : job.status => job.id... }

  # The parts of the bar, worst first.
  parts = flatten([
    for tone in ["bad", "warn", "good", "idle", "done"] : [
      for status, ids in local.by_status : { status = status, tone = tone, count = length(ids) }
      if local.tones[status] == tone
    ]
  ])

  # All that the page shows. Whoever adds to the page adds here: the template is
  # given nothing else.
  shown = {
    page = [{
      now     = formatdate("YYYY-MM-DD hh:mm", local.now)
      regions = join(", ", sort(var.regions))
      count   = length(local.jobs)
      clean   = length([for job in local.jobs : job if length(job.kinds) == 0])
    }]
    statuses = [
      for at, part in local.parts : merge(part, { start = sum(concat([0], slice(local.parts, 0, at)[*].count)) })
    ]
    kinds = [
      for kind in local.kinds : merge(kind, {
        count = length(local.findings[kind.kind])
        about = {
          failing   = "stopped by an error"
          retrying  = "trying again after an error"
          lagging   = "over ${var.delay_limit} s behind"
          expiring  = "within ${var.expiry_days} days, or expired"
          no_tls    = "to an endpoint"
          oversized = "use under ${var.low_use} %"
          untagged  = "no tag at all"
          two_way   = "both directions"
        }[kind.kind]
      })
    ]
    jobs = [
      for number, job in local.jobs : {
        number      = number
        rank        = job.rank
        id          = job.id
        name        = job.name == "" ? job.id : job.name
        place       = join(" · ", compact([job.region, lower(job.type), job.class, lower(job.direction)]))
        source      = job.source == "" ? "–" : job.source
        destination = job.destination == "" ? "–" : job.destination
        status      = job.status
        tone        = local.tones[job.status]
        stage       = try(job.progress.stage, "")
        percent     = try(job.progress.percent, "")
        seconds     = job.delay_seconds
        delay = job.delay_seconds == null ? "" : (
          job.delay_seconds < 120 ? "${job.delay_seconds} s" :
          job.delay_seconds < 7200 ? "${floor(job.delay_seconds / 60)} min" :
          job.delay_seconds < 172800 ? "${floor(job.delay_seconds / 3600)} h" :
          "${floor(job.delay_seconds / 86400)} d"
        )
        late     = contains(job.kinds, "lagging") ? "late" : ""
        expires  = try(formatdate("YYYY-MM-DD", job.expire_time), job.expire_time)
        findings = join(" ", job.kinds)
        help_url = job.help_url
      }
    ]
    reasons = flatten([
      for number, job in local.jobs : [
        for kind in local.kinds : merge(kind, { number = number, reason = job.reasons[kind.kind] })
        if contains(job.kinds, kind.kind)
      ]
    ])
  }

  # The one place where text is made safe for HTML, for elements and for quoted
  # attributes. The ampersand is first, or it would escape the others' escapes.
  # Control characters are not allowed in HTML at all.
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

  # The page's security policy lets this style and this script run and nothing
  # else, by their hashes: even text that got past the escapes would do nothing.
  # A browser hashes lines that end in \n, however git checked the files out.
  style  = replace(file("${path.module}/report.css"), "\r\n", "\n")
  script = replace(file("${path.module}/report.js"), "\r\n", "\n")

  html = templatefile("${path.module}/report.html.tftpl", merge(local.escaped, {
    page    = local.escaped.page[0]
    reasons = { for reason in local.escaped.reasons : reason.number => reason... }
    style   = local.style
    script  = local.script
    policy  = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-${base64sha256(local.style)}'; script-src 'sha256-${base64sha256(local.script)}'"
  }))
}
