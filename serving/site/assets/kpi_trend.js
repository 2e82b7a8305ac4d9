/* The lines of a KPI through the years: Nederland or the organisation, the highlighted gemeente, and what was added. */
(function () {
  "use strict";

  var kpi = impactKpi.kpi;
  var figure = document.getElementById("kpi-trend");
  if (!kpi || !figure) {
    return;
  }
  var data = kpi.gegevens;
  var MOST = 5;
  var added = [];
  var drawing = null;
  var series = null;
  var menu = document.getElementById("kpi-erbij");
  var list = document.getElementById("kpi-erbij-lijst");
  var reading = document.getElementById("kpi-trend-lees");
  var hint = reading.textContent;

  function codes() {
    var first = kpi.gekozen() ? [kpi.gekozen()] : [];
    return first.concat(added.filter(function (code) { return code !== kpi.gekozen(); })).slice(0, MOST);
  }

  function reeksen() {
    var whole = data.geheel;
    var areas = (whole ? [whole] : []).concat(codes().map(kpi.gebied));
    return areas
      .filter(function (area) { return series.reeksen[area.code]; })
      .map(function (area) {
        return { naam: area.naam, periodes: series.periodes, punten: series.reeksen[area.code] };
      });
  }

  function cel(values) {
    if (!values) {
      return "geen cijfer: niet gemeten";
    }
    if (values[0] === null) {
      return "geen cijfer: " + values[1].charAt(0).toLowerCase() + values[1].slice(1);
    }
    return values[1] + (values[5] ? " (nog niet definitief)" : "") + (values[4] === 1 ? " (na een breuk)" : "");
  }

  function element(tag, text, attributes) {
    var made = document.createElement(tag);
    made.textContent = text;
    Object.keys(attributes || {}).forEach(function (name) {
      made.setAttribute(name, attributes[name]);
    });
    return made;
  }

  function tabel(lines) {
    var table = document.getElementById("kpi-trend-tabel");
    var head = document.createElement("tr");
    head.append(element("th", "Periode", { scope: "col" }));
    lines.forEach(function (line) {
      head.append(element("th", line.naam, { scope: "col", class: "getal" }));
    });
    table.tHead.replaceChildren(head);
    table.tBodies[0].replaceChildren.apply(
      table.tBodies[0],
      series.periodes.map(function (period, index) {
        var row = document.createElement("tr");
        row.append(element("th", period.periode, { scope: "row" }));
        lines.forEach(function (line) {
          row.append(element("td", cel(line.punten[index]), { class: "getal", "data-label": line.naam }));
        });
        return row;
      })
    );
  }

  function knoppen() {
    list.replaceChildren.apply(
      list,
      added.map(function (code) {
        var item = document.createElement("li");
        var button = element("button", kpi.gebied(code).naam + " \u00d7", { type: "button", class: "knop" });
        button.setAttribute("aria-label", "Haal " + kpi.gebied(code).naam + " uit de grafiek");
        button.addEventListener("click", function () {
          added = added.filter(function (other) { return other !== code; });
          ververs();
          menu.focus();
        });
        item.append(button);
        return item;
      })
    );
    menu.disabled = codes().length >= MOST;
  }

  function ververs() {
    if (!series) {
      return;
    }
    var lines = reeksen();
    var drawn = impactKpi.trendgegevens(lines);
    knoppen();
    tabel(lines);
    document.getElementById("kpi-trend-legenda").replaceChildren(impactKpi.legenda(drawn.namen));
    figure.setAttribute("aria-label", figure.dataset.naam + ": " + lines.map(function (line) { return line.naam; }).join(", ") +
      ". De cijfers staan in de tabel eronder.");
    if (drawing) {
      drawing.zet({ data: { punten: drawn.punten, bruggen: drawn.bruggen } });
      return;
    }
    if (!figure.isConnected) {
      return; // words stand in its place until a reader asks again
    }
    impactKpi.teken(figure, "trend", { punten: drawn.punten, bruggen: drawn.bruggen }, {
      hoogte: function (width) { return width < 500 ? 280 : 340; },
      bij: function (row) {
        reading.textContent = row && row.tekst ? row.naam + ", " + row.periode + ": " + row.tekst +
          (row.open ? " (nog niet definitief)" : "") : hint;
      }
    }).then(function (made) {
      drawing = made;
      ververs();
    }).catch(kpi.zonder(figure, ververs));
  }

  figure.setAttribute("role", "img");
  figure.setAttribute("aria-label", figure.dataset.naam);
  kpi.vulKeuze(menu);
  menu.addEventListener("change", function () {
    if (menu.value && added.indexOf(menu.value) < 0) {
      added.push(menu.value);
    }
    menu.value = "";
    ververs();
  });
  document.getElementById("kpi-trend-kies").hidden = data.gebieden.length === 0;
  kpi.bijKeuze(ververs);
  function begin() {
    kpi.bestand(function (file) {
      series = file;
      ververs();
    }, kpi.zonder(figure, begin));
  }

  kpi.bijZicht(figure, begin);
})();
