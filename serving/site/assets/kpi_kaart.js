/* The map and the row of dots of a KPI: drawn when they come into view, read with the mouse or with the arrow keys. */
(function () {
  "use strict";

  var kpi = impactKpi.kpi;
  if (!kpi) {
    return;
  }
  var data = kpi.gegevens;
  var root = document.body.dataset.root || "";
  var COUNTRY = "#1b1b1b";
  var PEERS = "#7b3fb5";
  var CHOSEN = "#d6006c";

  function vorm(value) {
    return Object.assign({ staat: "geen" }, value);
  }

  /* Rows that react: the mouse and the keys set the same two signals and the same line of text. */
  function beweeg(figure, reading, areas, drawing) {
    var hint = reading.textContent;
    var at = -1;

    function toon(area) {
      drawing.zet({ signalen: { bekeken: area ? area.code : "" } });
      reading.textContent = area ? kpi.regel(area) : hint;
    }

    figure.tabIndex = 0;
    figure.setAttribute("role", "application");
    figure.setAttribute("aria-roledescription", "grafiek");
    figure.setAttribute("aria-label", figure.dataset.naam + ". Pijltjestoetsen: volgende of vorige gemeente. Enter: open de gemeente.");
    figure.setAttribute("aria-describedby", reading.id);
    reading.setAttribute("aria-live", "polite");
    figure.addEventListener("keydown", function (event) {
      var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step) {
        at = at < 0 && step < 0 ? areas.length - 1 : (at + step + areas.length) % areas.length;
      } else if (event.key === "Home") {
        at = 0;
      } else if (event.key === "End") {
        at = areas.length - 1;
      } else if (event.key === "Enter" && at >= 0) {
        location.href = root + "gemeente/" + areas[at].code + ".html";
        return;
      } else if (event.key === " " && at >= 0) {
        kpi.kies(areas[at].code);
      } else if (event.key === "Escape") {
        at = -1;
      } else {
        return;
      }
      event.preventDefault();
      toon(at < 0 ? null : areas[at]);
    });
    figure.addEventListener("focus", function () {
      at = areas.findIndex(function (area) { return area.code === kpi.gekozen(); });
      if (at >= 0) {
        toon(areas[at]);
      }
    });
    figure.addEventListener("blur", function () {
      toon(null);
    });
    return toon;
  }

  function tekenKaart() {
    var figure = document.getElementById("kpi-kaart");
    var missing = kpi.zonder(figure, tekenKaart);
    impactKpi.laad("assets/kaart.js", "kaart", function (map) {
      var areas = map.features.map(function (feature) {
        var code = feature.properties.statcode;
        var known = kpi.gebied(code) || { code: code, naam: feature.properties.statnaam, reden: "Er is geen cijfer" };
        return Object.assign({}, feature, vorm(known));
      });
      var largest = data.gebieden.reduce(function (most, area) {
        return Math.max(most, Math.abs(area.waarde || 0));
      }, 0);
      var toon = null;
      impactKpi
        .teken(figure, data.rond_nul ? "kaart_rond_nul" : "kaart", { gebieden: areas }, {
          hoogte: function (width) { return Math.round((width * map.hoogte) / map.breedte); },
          signalen: { breedte: map.breedte, grootste: largest || 1, gekozen: kpi.gekozen() },
          pas: function (spec) {
            spec.legends.forEach(function (legend) {
              legend.type = "symbol"; // classes, not a gradient
              legend.format = notatie(data.gebieden, data.rond_nul);
            });
          },
          bij: function (row) {
            if (toon) {
              toon(row);
            }
          },
          klik: function (row) { kpi.kies(row.code); }
        })
        .then(function (drawing) {
          var named = data.gebieden.filter(function (area) {
            return map.features.some(function (feature) { return feature.properties.statcode === area.code; });
          });
          toon = beweeg(figure, document.getElementById("kpi-kaart-lees"), named, drawing);
          kpi.bijKeuze(function (code) { drawing.zet({ signalen: { gekozen: code } }); });
        })
        .catch(missing);
    }, missing);
  }

  /* Enough decimals to tell the classes apart. */
  function notatie(areas, isScore) {
    var values = areas.filter(function (area) { return area.waarde !== undefined; }).map(function (area) { return area.waarde; });
    var span = Math.max.apply(null, values) - Math.min.apply(null, values);
    return isScore || span < 1 ? ",.2f" : span < 50 ? ",.1f" : ",.0f";
  }

  function lijnen(code) {
    var lines = [];
    var whole = data.geheel;
    var area = kpi.gebied(code);
    if (whole && whole.waarde !== undefined && whole.periode === data.periode) {
      lines.push({ soort: "geheel", waarde: whole.waarde, kleur: COUNTRY, vorm: "lijn",
        naam: whole.naam + " " + (whole.vergeleken || whole.tekst) });
    }
    if (area && area.staat === "cijfer" && area.buur !== undefined) {
      lines.push({ soort: "buur", waarde: area.buur, kleur: PEERS, vorm: "stippellijn",
        naam: "gemeenten die op " + area.naam + " lijken " + area.buurtekst });
    }
    return lines;
  }

  function legenda(code) {
    var area = kpi.gebied(code);
    var own = area && area.staat === "cijfer"
      ? [{ naam: area.naam + " " + (area.vergeleken || area.tekst), kleur: CHOSEN, vorm: "circle" }]
      : [];
    document.getElementById("kpi-punten-legenda").replaceChildren(impactKpi.legenda(own.concat(lijnen(code))));
  }

  function tekenPunten() {
    var figure = document.getElementById("kpi-punten");
    var areas = data.gebieden.filter(function (area) { return area.staat === "cijfer"; });
    areas.sort(function (one, other) { return one.waarde - other.waarde; });
    var rows = areas.map(function (area, index) {
      return Object.assign({ orde: index + 1, aantal: areas.length }, area);
    });
    impactKpi
      .teken(figure, "punten", { gebieden: rows, lijnen: lijnen(kpi.gekozen()) }, {
        hoogte: function (width) { return width < 500 ? 300 : 340; },
        signalen: { gekozen: kpi.gekozen(), uitleg: rows.length + " gemeenten, van laag naar hoog" }
      })
      .then(function (drawing) {
        var toon = beweeg(figure, document.getElementById("kpi-punten-lees"), rows, drawing);

        // Dots are too small to hit: the nearest one across counts.
        function bij(event) {
          var origin = drawing.view.origin();
          var x = event.clientX - figure.getBoundingClientRect().left - origin[0];
          return rows[Math.round(drawing.view.scale("x").invert(x)) - 1] || null;
        }
        figure.addEventListener("mousemove", function (event) { toon(bij(event)); });
        figure.addEventListener("mouseleave", function () { toon(null); });
        figure.addEventListener("click", function (event) {
          var row = bij(event);
          if (row) {
            kpi.kies(row.code);
          }
        });
        kpi.bijKeuze(function (code) {
          drawing.zet({ signalen: { gekozen: code }, data: { lijnen: lijnen(code) } });
          legenda(code);
        });
      })
      .catch(kpi.zonder(figure, tekenPunten));
  }

  [["kpi-kaart", tekenKaart], ["kpi-punten", tekenPunten]].forEach(function (pair) {
    var figure = document.getElementById(pair[0]);
    if (figure) {
      kpi.bijZicht(figure, pair[1]);
    }
  });
})();
