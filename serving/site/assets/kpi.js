/* The page of a KPI: which gemeente is highlighted. The table and the charts follow it, through impactKpi.kpi:

   gegevens            what the page embeds for its charts
   gebied(code)        one area of it
   regel(area)         its figure in a sentence
   gekozen()           code of the highlighted gemeente, or ""
   kies(code)          highlights another one
   bijKeuze(callback)  calls back with the code, now and at every change
   bijZicht(element, callback)       when an element comes into view
   bestand(callback, failed)         when the series have arrived, or have not
   vulKeuze(menu)      fills a select with the areas
   zonder(figure, again)             what to do when a figure cannot be drawn: says so, and offers to try again */
(function () {
  "use strict";

  var block = document.getElementById("kpi-gegevens");
  if (!block) {
    return;
  }
  var data = JSON.parse(block.textContent);
  var root = document.body.dataset.root || "";
  var byCode = Object.create(null);
  var listeners = [];
  var chosen = "";

  data.gebieden.forEach(function (area) {
    byCode[area.code] = area;
  });

  function bestand(callback, failed) {
    impactKpi.laad("data/" + data.bestand + ".js", data.bestand, callback, failed);
  }

  function bijKeuze(callback) {
    listeners.push(callback);
    callback(chosen);
  }

  function bewaarAdres() {
    var address = new URL(location.href);
    if (chosen) {
      address.searchParams.set("g", chosen);
    } else {
      address.searchParams.delete("g");
    }
    try {
      history.replaceState(null, "", address);
    } catch (error) {
      return; // opened from disk: some browsers keep the address of a file as it is
    }
  }

  function volgLinks() {
    document.querySelectorAll("[data-houdt-gemeente]").forEach(function (link) {
      link.href = link.href.split("?")[0] + (chosen ? "?g=" + encodeURIComponent(chosen) : "");
    });
  }

  function kies(code) {
    chosen = byCode[code] ? code : "";
    select.value = chosen;
    bewaarAdres();
    volgLinks();
    listeners.forEach(function (callback) {
      callback(chosen);
    });
  }

  /* Calls back once, when an element comes into view. */
  function bijZicht(element, callback) {
    var observer = new IntersectionObserver(
      function (entries) {
        if (entries.some(function (entry) { return entry.isIntersecting; })) {
          observer.disconnect();
          callback();
        }
      },
      { rootMargin: "200px" }
    );
    observer.observe(element);
  }

  function element(tag, className, text) {
    var made = document.createElement(tag);
    if (className) {
      made.className = className;
    }
    made.textContent = text || "";
    return made;
  }

  function cijfer(area) {
    if (!area.tekst) {
      return "Geen cijfer: " + area.reden.charAt(0).toLowerCase() + area.reden.slice(1);
    }
    var beside = area.vergeleken ? " (" + area.vergeleken + ")" : "";
    var margin = area.interval ? "; 95 %-interval " + area.interval : "";
    var when = area.staat === "anders" ? "; " + area.periode + ", een andere periode" : " in " + area.periode;
    return area.tekst + beside + when + margin;
  }

  function regel(area) {
    return area.naam + ": " + cijfer(area);
  }

  function paneel(code) {
    var panel = document.getElementById("kpi-uitgelicht");
    panel.replaceChildren();
    var area = byCode[code];
    if (!area) {
      panel.append(element("p", "stil", "Kies een gemeente, hier of in de kaart: zij wordt dan uitgelicht in de kaart, " +
        "de stippen, de lijnen en de tabel."));
      return;
    }
    var head = element("p", "uitgelicht-kop");
    var link = element("a", "", area.naam);
    link.href = root + "gemeente/" + area.code + ".html";
    head.append(link, element("strong", "", cijfer(area)));
    panel.append(head);
    if (area.buurtekst) {
      panel.append(element("p", "", "Gemeenten die op " + area.naam + " lijken: " + area.buurtekst));
    }
    var list = element("ul");
    list.hidden = true;
    panel.append(list);
    vulZinnen(list, code);
  }

  function vulZinnen(list, code) {
    bestand(function (file) {
      (file.zinnen[code] || []).forEach(function (sentence) {
        list.append(element("li", "", sentence.charAt(0).toUpperCase() + sentence.slice(1) + "."));
      });
      list.hidden = !list.children.length;
    }, function () {
      impactKpi.zonder(list, "De vergelijking en het verloop zijn niet geladen.", vulZinnen.bind(null, list, code));
    });
  }

  function zonder(figure, again) {
    return impactKpi.zonder.bind(null, figure, "De grafiek is niet geladen; de cijfers staan in de tabel.", again);
  }

  /* Each area under its name, and where people use another name, under that one too. */
  function vulKeuze(menu) {
    var options = data.gebieden.map(function (area) {
      return { code: area.code, naam: area.naam };
    });
    Object.keys(data.ook).forEach(function (code) {
      var also = { code: code, naam: data.ook[code] + " (" + byCode[code].naam + ")" };
      var after = options.findIndex(function (option) { return option.naam.localeCompare(also.naam, "nl") > 0; });
      options.splice(after < 0 ? options.length : after, 0, also);
    });
    options.forEach(function (one) {
      var option = element("option", "", one.naam);
      option.value = one.code;
      menu.append(option);
    });
  }

  var select = document.getElementById("kpi-gemeente") || document.createElement("select");
  vulKeuze(select);
  select.addEventListener("change", function () {
    kies(select.value);
  });
  impactKpi.kpi = {
    gegevens: data,
    gebied: function (code) { return byCode[code]; },
    regel: regel,
    gekozen: function () { return chosen; },
    kies: kies,
    bijKeuze: bijKeuze,
    bijZicht: bijZicht,
    bestand: bestand,
    vulKeuze: vulKeuze,
    zonder: zonder
  };
  document.querySelectorAll(".alleen-script, #kpi-kies").forEach(function (hidden) {
    hidden.hidden = false;
  });
  if (document.getElementById("kpi-uitgelicht")) {
    bijKeuze(paneel);
  }
  kies(new URLSearchParams(location.search).get("g") || "");
})();
