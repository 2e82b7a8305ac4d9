/* The page that compares: which gemeenten, their columns, the filter, and per KPI an explanation with a trend. */
(function () {
  "use strict";

  var CHOICE = JSON.parse(document.getElementById("keuze").textContent);
  var ROOT = document.body.dataset.root;
  var TITLE = document.title;
  // Places in the figures of a KPI; see serving/site/side_by_side.py.
  var VALUE = 0, TEXT = 1, PERIOD = 2, VERDICT = 3, SENTENCE = 4, FIRMNESS = 5, TREND = 6, MISSING = 7, SERIES = 8;

  var HOW_TO_READ =
    "Een lijn stopt waar een cijfer ontbreekt, of waar de meting of het grondgebied anders is; stippels overbruggen " +
    "jaren waarin niet is gemeten. De cijfers staan in de tabel hieronder.";

  var names = Object.create(null);
  var chosen = [];
  var failed = Object.create(null); // codes of which the figures did not come
  var opened = null;
  var tables = Array.prototype.slice.call(document.querySelectorAll("table.naast"));
  var rows = Array.prototype.slice.call(document.querySelectorAll("tr[data-kpi]"));
  var stand = document.getElementById("stand");

  CHOICE.gebieden.forEach(function (area) {
    names[area[0]] = area[1];
  });
  names[CHOICE.nederland] = "Nederland";

  function element(tag, style, text) {
    var made = document.createElement(tag);
    if (style) {
      made.className = style;
    }
    if (text !== undefined) {
      made.textContent = text;
    }
    return made;
  }

  function address(pattern, code) {
    return pattern.replace("{code}", code);
  }

  /* Figures of the areas */

  function figures(code) {
    return impactKpi.haal("gemeente/" + code);
  }

  function figure(code, kpi) {
    var found = figures(code);
    return found ? found.kpis[kpi] : undefined;
  }

  function sentence(code, kpi, which) {
    var place = (figure(code, kpi) || [])[which];
    return place === null || place === undefined ? "" : figures(code).teksten[place];
  }

  function fetchFigures(code, done, missing) {
    impactKpi.laad(address(CHOICE.data, code), "gemeente/" + code, done, missing);
  }

  function fetchColumn(code) {
    delete failed[code];
    fetchFigures(code, showColumns, function () {
      failed[code] = true;
      stand.textContent = "De cijfers van " + names[code] + " zijn niet geladen; probeer het opnieuw.";
      showChips();
      showColumns();
    });
  }

  /* Columns */

  function header(code) {
    var cell = element("th", "kolom");
    var link = element("a", "", names[code]);
    cell.scope = "col";
    link.href = ROOT + address(CHOICE.pagina, code);
    cell.appendChild(link);
    return cell;
  }

  function cellOf(row, code) {
    var kpi = row.dataset.kpi;
    var found = figure(code, kpi);
    var cell = element("td", "kolom");
    cell.dataset.label = names[code];
    var content = element("div");
    cell.appendChild(content);
    if (!figures(code)) {
      content.appendChild(element("span", "stil", failed[code] ? "niet geladen; probeer het opnieuw" : "wordt geladen"));
    } else if (!found) {
      content.appendChild(element("span", "stil", "De organisatie heeft hier geen cijfers"));
    } else if (found[VALUE] === null) {
      content.appendChild(element("span", "stil", sentence(code, kpi, MISSING)));
    } else {
      fill(content, row, found);
    }
    return cell;
  }

  function fill(content, row, found) {
    content.appendChild(element("span", "cijfer", found[TEXT]));
    if (found[PERIOD] !== row.dataset.periode) {
      content.append(" ", element("span", "stil", found[PERIOD]));
    }
    if (found[VERDICT]) {
      content.append(" ", element("span", "oordeel o-" + found[VERDICT], CHOICE.oordelen[found[VERDICT]]));
    }
  }

  function showColumns() {
    document.querySelectorAll(".kolom").forEach(function (cell) {
      cell.remove();
    });
    tables.forEach(function (table) {
      table.tHead.rows[0].append.apply(table.tHead.rows[0], chosen.map(header));
    });
    rows.forEach(function (row) {
      row.append.apply(row, chosen.map(cellOf.bind(null, row)));
      var link = row.querySelector("th a");
      link.href = link.href.split("?")[0] + (chosen.length ? "?g=" + chosen[0] : "");
    });
    showOwn();
    if (opened) {
      var row = opened;
      closePanel();
      openPanel(row);
    }
  }

  /* The part with own figures: only when a chosen area has them and the filter leaves some of it. */
  function showOwn() {
    var part = document.getElementById("eigen");
    var has = chosen.some(function (code) {
      return CHOICE.eigen.indexOf(code) >= 0;
    });
    part.hidden = !has || !part.querySelector("section:not([hidden])");
  }

  /* Choosing */

  function chip(code) {
    var item = element("li");
    var remove = element("button", "weg", "×");
    remove.type = "button";
    remove.setAttribute("aria-label", names[code] + " weghalen");
    remove.addEventListener("click", function () {
      choose(
        chosen.filter(function (other) {
          return other !== code;
        }),
        names[code] + " is weggehaald."
      );
      document.getElementById("gemeente").focus();
    });
    item.append(names[code], " ");
    if (failed[code]) {
      item.append(again(code));
    }
    item.append(remove);
    return item;
  }

  function again(code) {
    var button = element("button", "knop klein", "Probeer het opnieuw");
    button.type = "button";
    button.setAttribute("aria-label", "Probeer het opnieuw: " + names[code]);
    button.addEventListener("click", function () {
      choose(chosen, "De cijfers van " + names[code] + " worden opnieuw geladen.");
      document.getElementById("gemeente").focus();
    });
    return button;
  }

  function showChips() {
    var list = document.getElementById("gekozen");
    list.replaceChildren.apply(list, chosen.map(chip));
  }

  function choose(codes, said) {
    chosen = codes;
    stand.textContent = [said, chosen.length ? "" : "Er is nog geen gemeente gekozen."].filter(Boolean).join(" ");
    chosen.forEach(function (code) {
      if (!figures(code)) {
        fetchColumn(code);
      }
    });
    showChips();
    showColumns();
    var listed = chosen.map(function (code) {
      return names[code];
    });
    document.title = listed.length ? listed.join(", ") + " – " + TITLE : TITLE;
    try {
      history.replaceState(null, "", location.pathname + (chosen.length ? "?g=" + chosen.join(",") : ""));
    } catch (error) {
      // A page opened from disk may not change its address; everything else works there.
    }
  }

  function add(option) {
    if (chosen.length >= CHOICE.meest) {
      stand.textContent = "Er staan er al " + CHOICE.meest + "; haal er eerst een weg.";
      return;
    }
    choose(chosen.concat(option.code), option.naam + " staat erbij.");
  }

  function search(text) {
    var asked = impactKpi.vereenvoudigd(text);
    return CHOICE.gebieden
      .map(function (area) {
        var keys = [area[1], area[2], area[0], area[0].replace(/^GM0*/, "")].map(impactKpi.vereenvoudigd);
        var ranks = keys.map(function (key) {
          var at = key ? (" " + key).indexOf(" " + asked) : -1;
          return at < 0 ? 9 : key === asked ? 0 : at === 0 ? 1 : 2;
        });
        return { code: area[0], naam: area[1], rank: Math.min.apply(null, ranks) };
      })
      .filter(function (option) {
        return asked && option.rank < 9 && chosen.indexOf(option.code) < 0;
      })
      .sort(function (one, other) {
        return one.rank - other.rank;
      });
  }

  function fromAddress() {
    var asked = (new URLSearchParams(location.search).get("g") || "").split(",").filter(Boolean);
    var known = asked.filter(function (code, index) {
      return code in names && code !== CHOICE.nederland && asked.indexOf(code) === index;
    });
    var unknown = asked.filter(function (code) {
      return !(code in names);
    });
    var said = "";
    if (unknown.length) {
      said = unknown.join(", ") + " is geen gemeente in de indeling van " + CHOICE.indelingsjaar + ".";
    } else if (known.length > CHOICE.meest) {
      said = "Er passen er " + CHOICE.meest + " naast elkaar; de eerste staan hier.";
    }
    choose(known.slice(0, CHOICE.meest), said);
  }

  /* Filter */

  function filter() {
    var words = impactKpi.zoektekst(document.getElementById("filterveld").value).split(" ");
    var everything = document.getElementById("ook-andere").checked;
    var count = 0;
    closePanel();
    rows.forEach(function (row) {
      var text = impactKpi.zoektekst([row.dataset.kpi, row.dataset.naam, row.dataset.woorden].join(" "));
      var fits = words.every(function (word) {
        return text.indexOf(word) >= 0;
      });
      row.hidden = !fits || (!everything && row.dataset.gekozen === "nee");
      count += row.hidden ? 0 : 1;
    });
    document.querySelectorAll("section.deel").forEach(function (section) {
      section.hidden = !section.querySelector("tr[data-kpi]:not([hidden])");
    });
    showOwn();
    document.getElementById("filterstand").textContent =
      count === rows.length ? "" : count + " van " + rows.length + " KPI’s getoond";
  }

  /* Explanation and trend of one KPI */

  function closePanel() {
    if (opened) {
      opened.nextElementSibling.remove();
      opened.querySelector("button").setAttribute("aria-expanded", "false");
      opened = null;
    }
  }

  function openPanel(row) {
    var line = element("tr", "paneel");
    var cell = element("td");
    cell.colSpan = row.cells.length;
    line.appendChild(cell);
    row.after(line);
    row.querySelector("button").setAttribute("aria-expanded", "true");
    opened = row;
    cell.appendChild(sentences(row.dataset.kpi));
    var place = element("p", "stil", "De reeksen worden geladen.");
    cell.appendChild(place);
    fetchTrend(place, row);
  }

  function fetchTrend(place, row) {
    fetchFigures(CHOICE.nederland, function () {
      if (place.isConnected) {
        addTrend(place.parentElement, row);
        place.remove();
      }
    }, function () {
      impactKpi.zonder(place, "De reeksen zijn niet geladen.", fetchTrend.bind(null, place, row));
    });
  }

  function sentences(kpi) {
    var list = element("ul", "uitleg");
    chosen.forEach(function (code) {
      var parts = [SENTENCE, FIRMNESS, TREND, MISSING].map(sentence.bind(null, code, kpi)).filter(Boolean);
      var item = element("li");
      item.append(element("strong", "", names[code]), ": ", parts.join(" · ") || "geen cijfers");
      list.appendChild(item);
    });
    return list;
  }

  /* The series of a KPI, that of Nederland first; only of areas with a figure. */
  function seriesOf(kpi) {
    var periods = (CHOICE.perioden[kpi] || []).map(function (period) {
      return { periode: period, jaar: CHOICE.jaren[period] };
    });
    return [CHOICE.nederland]
      .concat(chosen)
      .map(function (code) {
        var points = (figure(code, kpi) || [])[SERIES] || [];
        return {
          naam: names[code],
          periodes: periods,
          punten: periods.map(function (_, index) {
            var point = points[index];
            return point ? [point[0], point[1], null, null, point[2] || 0, point[3] || 0] : null;
          })
        };
      })
      .filter(function (series) {
        return series.punten.some(Boolean);
      });
  }

  function addTrend(cell, row) {
    var series = seriesOf(row.dataset.kpi);
    if (!series.length) {
      cell.appendChild(element("p", "stil", "Er is van geen enkel jaar een cijfer, dus ook geen trend om te tekenen."));
      return;
    }
    var title = row.dataset.naam + (row.dataset.eenheid ? " (" + row.dataset.eenheid + ")" : "");
    var chart = element("div", "trendvlak");
    var figureElement = element("figure", "figuur");
    var data = impactKpi.trendgegevens(series);
    // The caption and the table say the same; the loose lines and dots say nothing to a screen reader.
    chart.setAttribute("aria-hidden", "true");
    figureElement.append(impactKpi.legenda(data.namen), chart);
    figureElement.appendChild(element("figcaption", "", "Lijngrafiek: " + title + ". " + HOW_TO_READ));
    cell.append(figureElement, seriesTable(title, series));
    drawTrend(figureElement, chart, data);
  }

  function drawTrend(figureElement, chart, data) {
    impactKpi.teken(chart, "trend", data, { hoogte: 260 }).catch(function () {
      var said = "De grafiek is niet geladen; de cijfers staan in de tabel.";
      impactKpi.zonder(figureElement, said, drawTrend.bind(null, figureElement, chart, data));
    });
  }

  function seriesTable(title, series) {
    var details = element("details");
    var table = element("table", "tabel");
    var head = table.createTHead().insertRow();
    var body = table.createTBody();
    table.createCaption().textContent = title;
    ["periode"].concat(series.map(function (one) { return one.naam; })).forEach(function (name) {
      var cell = element("th", name === "periode" ? "" : "getal", name);
      cell.scope = "col";
      head.appendChild(cell);
    });
    series[0].periodes.forEach(function (period, index) {
      var line = body.insertRow();
      var first = element("th", "", period.periode);
      first.scope = "row";
      line.appendChild(first);
      series.forEach(function (one) {
        var cell = element("td", "getal", one.punten[index] ? one.punten[index][1] : "geen cijfer");
        cell.dataset.label = one.naam;
        line.appendChild(cell);
      });
    });
    details.append(element("summary", "", "Dezelfde cijfers als tabel"), table);
    return details;
  }

  function addButton(row) {
    var button = element("button", "knop klein niet-printen", "Uitleg en trend");
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-label", "Uitleg en trend: " + row.dataset.naam);
    button.addEventListener("click", function () {
      var again = opened === row;
      closePanel();
      if (!again) {
        openPanel(row);
      }
    });
    row.querySelector(".over").appendChild(button);
  }

  rows.forEach(addButton);
  document.getElementById("kies").hidden = false;
  document.getElementById("filter").hidden = false;
  document.getElementById("ook-andere").parentElement.hidden = !document.querySelector("tr[data-gekozen='nee']");
  ["kies", "filter"].forEach(function (id) {
    document.getElementById(id).addEventListener("submit", function (event) {
      event.preventDefault();
    });
  });
  document.getElementById("filterveld").addEventListener("input", filter);
  document.getElementById("ook-andere").addEventListener("change", filter);
  impactKpi.keuzelijst(document.getElementById("gemeente"), document.getElementById("gemeentekeuze"), {
    zoek: search,
    kies: add,
    stand: function (text, found) {
      stand.textContent = text && !found.length ? "Geen gemeente gevonden met " + text + "." : "";
    }
  });
  fromAddress();
  filter();
})();
