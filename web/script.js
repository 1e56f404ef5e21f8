// SPDX-License-Identifier: Apache-2.0
// Headwater's browser script: keeps the click id of a visit in a first-party cookie, tells clicks
// that came with a link key (?via=), site visits, leads and sales, and hands the click id on to
// other sites of the shop. The server leaves out lines like these and the indentation; what is left
// must be at most 2 KB compressed (tests/node/script.test.mjs).
// Attributes: data-api-host, data-publishable-key, data-short-domain, data-domains (refer, site,
// outbound), data-attribution-model, data-cookie-options, data-query-param(s).
(function (w, d, l) {
  var script = d.currentScript;
  var encode = encodeURIComponent;
  function attribute(name) {
    return script && script.getAttribute('data-' + name) || '';
  }
  function parsed(text, fallback) {
    try { return JSON.parse(text) || fallback; } catch (e) { return fallback; }
  }
  function bare(host) { return host.replace(/^www\./, ''); }

  var host = attribute('api-host') ||
    (script ? script.src.replace(/(\/analytics)?\/script[^/]*$/, '') : l.origin);
  if (!/:\/\//.test(host)) host = 'https://' + host;
  var domains = parsed(attribute('domains'), {});
  var refer = domains.refer || attribute('short-domain');
  var outbound = String(domains.outbound || '').split(/[,\s]+/).map(bare);
  var firstClick = attribute('attribution-model') == 'first-click';
  var options = parsed(attribute('cookie-options'), {});
  var query = new URLSearchParams(l.search);
  var told = query.get('dub_id');
  var begun = Promise.resolve();
  var timer;

  function cookie(name) {
    return (('; ' + d.cookie).split('; ' + name + '=')[1] || '').split(';')[0];
  }
  function setCookie(name, value) {
    var o = options;
    var age = o.maxAge != null ? o.maxAge
      : o.expires ? Math.round((new Date(o.expires) - Date.now()) / 1000)
      : (o.expiresInDays || 90) * 86400;
    // Hosts without a parent, localhost and addresses, take no domain.
    var domain = o.domain || (/\.[a-z][^.]*$/i.test(l.hostname) ? '.' + bare(l.hostname) : '');
    d.cookie = name + '=' + value + ';path=' + (o.path || '/') + ';max-age=' + age +
      ';samesite=' + (o.sameSite || 'Lax') + (domain && ';domain=' + domain) +
      (o.secure ? ';secure' : '');
  }
  function keep(id) {
    if (!firstClick || !cookie('dub_id')) setCookie('dub_id', encode(id));
    hand();
  }

  function post(path, body, key) {
    var headers = { 'Content-Type': 'application/json' };
    if (key) headers.Authorization = 'Bearer ' + key;
    return fetch(host + '/track/' + path, {
      method: 'POST', headers: headers, body: JSON.stringify(body), keepalive: true
    }).then(function (answer) {
      return answer.json().then(function (data) {
        if (!answer.ok) throw data.error.message;
        return data;
      });
    }).catch(function (e) { console.error('dubAnalytics: ' + path, e); });
  }
  function page(domain, key) {
    return { domain: domain, key: key, url: l.href, referrer: d.referrer };
  }
  function trackClick(click) {
    return post('click', page(click.domain || refer, click.key)).then(function (data) {
      // Another click brought the visitor here.
      if (!data || told && told != data.clickId) return;
      keep(data.clickId);
      var partner = data.partner;
      if (!partner) return;
      w.DubAnalytics = { partner: partner, discount: data.discount };
      setCookie('dub_partner_data', JSON.stringify(Object.assign({}, data, {
        partner: Object.assign({}, partner, {
          name: encode(partner.name), image: partner.image && encode(partner.image)
        })
      })));
    });
  }
  function conversion(path) {
    return function (body) {
      // The click of this page load may still be under way.
      return begun.then(function () {
        return post(path, Object.assign({ clickId: cookie('dub_id') }, body),
          attribute('publishable-key'));
      });
    };
  }

  function isOutbound(name) {
    name = bare(name);
    return name != bare(l.hostname) && outbound.some(function (each) {
      return each == name || each.slice(0, 2) == '*.' && name.endsWith(each.slice(1));
    });
  }
  function handIn(root) {
    root.querySelectorAll('a[href],iframe').forEach(function (element) {
      try {
        if (element.srcdoc) return handIn(element.contentDocument);
        var name = element.src ? 'src' : 'href';
        var url = new URL(element[name]);
        if (!isOutbound(url.hostname) || url.searchParams.has('dub_id')) return;
        url.searchParams.set('dub_id', cookie('dub_id'));
        element[name] = url.href;
      } catch (e) {}
    });
  }
  function hand() {
    if (!outbound[0] || timer) return;
    timer = setTimeout(function () {
      timer = 0;
      if (cookie('dub_id')) handIn(d);
    }, 50);
  }

  if (told) keep(told);
  var via = [].concat(parsed(attribute('query-params'), []), attribute('query-param'), 'via')
    .map(function (name) { return query.get(name); }).find(Boolean);
  if (via && refer) {
    if (!firstClick || !cookie('dub_id')) begun = trackClick({ key: via });
  } else if (domains.site && !cookie('dub_id')) {
    begun = post('visit', page(domains.site)).then(function (data) {
      if (data) keep(data.clickId);
    });
  }
  if (outbound[0]) {
    new MutationObserver(hand).observe(d, {
      childList: true, subtree: true, attributes: true, attributeFilter: ['href', 'src', 'srcdoc']
    });
    d.addEventListener('load', hand, true);
    hand();
  }

  var methods = {
    ready: function (callback) { return begun.then(callback); },
    trackClick: trackClick,
    trackLead: conversion('lead/client'),
    trackSale: conversion('sale/client')
  };
  var queued = [w.dubAnalytics, w.headwater].map(function (early) { return early && early.q; });
  function call(method) {
    return methods[method] && methods[method].apply(null, [].slice.call(arguments, 1));
  }
  w.dubAnalytics = w.headwater = Object.assign(call, methods);
  queued.forEach(function (calls) {
    (calls || []).forEach(function (each) { call.apply(null, each); });
  });
})(window, document, location);
