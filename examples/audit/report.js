"use strict";
// Filters, sorting and grouping. Without this script the page shows all jobs.
//
// The form is the only state: every change is read from it, shown, and kept in
// the fragment of the URL, so that a view can be shared and returned to.

const form = document.querySelector("form");
const table = document.querySelector("table");
const heads = [...table.tHead.rows[0].cells];
const collator = new Intl.Collator(undefined, { numeric: true });

const jobs = [...table.tBodies[0].rows].map((row) => ({
  row,
  text: row.textContent.toLowerCase(),
  error: row.dataset.error.trim(),
  finding: row.dataset.finding.split(" "),
  status: [row.dataset.status],
  region: [row.dataset.region],
  type: [row.dataset.type],
  // A tag can be selected by its key, and with its value.
  tag: Object.entries(JSON.parse(row.dataset.tags))
    .flatMap(([key, value]) => (value === "" ? [key] : [key, `${key}: ${value}`])),
}));

const filters = ["finding", "status", "region", "type", "tag"];
const matches = (job, chosen) =>
  filters.every((name) => !chosen.get(name) || job[name].includes(chosen.get(name))) &&
  job.text.includes(chosen.get("q").trim().toLowerCase());

// Jobs without a value come last in either direction.
const sorted = (list, order) => {
  const direction = order.startsWith("-") ? -1 : 1;
  const column = heads.findIndex((head) => head.dataset.sort === order.replace("-", ""));
  const value = ({ row }) => row.cells[column].dataset.value;
  return list.sort((a, b) => (value(a) === "") - (value(b) === "") ||
    direction * (Number(value(a)) - Number(value(b)) || collator.compare(value(a), value(b))));
};

// Text of others only ever becomes a text node.
const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

const body = (list, ...head) => element("tbody", {}, ...head, ...list.map(({ row }) => row));

// One body per error: the most frequent first, jobs without an error last.
const grouped = (list) =>
  [...Map.groupBy(list, (job) => job.error)]
    .sort(([a, as], [b, bs]) => (a === "") - (b === "") || bs.length - as.length)
    .map(([error, group]) => body(group, element("tr", { className: "group" },
      element("th", { colSpan: heads.length, scope: "rowgroup" },
        element("b", {}, group.length === 1 ? "1 job" : `${group.length} jobs`),
        element("span", { className: "clip", dir: "auto", title: error }, error || "No error")))));

const show = () => {
  const chosen = new FormData(form);
  const order = chosen.get("sort");
  const list = sorted(jobs.filter((job) => matches(job, chosen)), order);
  [...table.tBodies].forEach((old) => old.remove()); // The head stays, and with it the focus.
  table.append(...(chosen.get("group") ? grouped(list) : [body(list)]));
  table.hidden = list.length === 0;
  document.querySelector(".empty").hidden = list.length > 0;
  heads.forEach((head) => {
    head.ariaSort = { [head.dataset.sort]: "ascending", [`-${head.dataset.sort}`]: "descending" }[order] ?? null;
  });
  form.querySelector("output").textContent = `${list.length} of ${jobs.length} shown`;
  // The settings that differ from those of an untouched form.
  const settings = new URLSearchParams(
    [...chosen].filter(([name, value]) => value !== "" && !(name === "sort" && value === "finding")));
  form.querySelector(".reset").hidden = settings.size === 0;
  return settings;
};

const keep = () => history.replaceState(null, "", `#${show()}`);

// Settings that this report does not have, as in an old link, are ignored.
const load = () => {
  const wanted = new URLSearchParams(location.hash.slice(1));
  form.reset();
  for (const control of form.querySelectorAll("[name]")) {
    const value = wanted.get(control.name);
    const option = [...control.options ?? []].find((choice) => choice.value === value);
    if (option) option.selected = true;
    else if (control.type === "search") control.value = value ?? "";
    else if (control.value === value && !control.disabled) control.checked = true;
  }
  show();
};

for (const name of filters.slice(1)) {
  const select = form.elements[name];
  const groups = Map.groupBy(jobs.flatMap((job) => job[name]), (value) => value);
  [...groups].sort(([a], [b]) => collator.compare(a, b))
    .forEach(([value, { length }]) => select.add(new Option(`${value} (${length})`, value)));
  select.parentElement.hidden = groups.size < 2; // no choice
}

for (const head of heads) {
  const name = head.dataset.sort;
  const sort = form.elements.sort;
  sort.add(new Option(`${head.textContent} ↑`, name, name === "finding"));
  sort.add(new Option(`${head.textContent} ↓`, `-${name}`));
  const button = element("button", { type: "button" }, ...head.childNodes);
  button.addEventListener("click", () => {
    sort.value = sort.value === name ? `-${name}` : name;
    keep();
  });
  head.append(button);
}

form.addEventListener("input", keep);
form.addEventListener("submit", (event) => event.preventDefault());
form.querySelector(".reset").addEventListener("click", () => {
  history.replaceState(null, "", "#");
  load();
});
addEventListener("hashchange", load);
form.querySelector(".filters").hidden = false;
load();
