// SPDX-License-Identifier: Apache-2.0
// Headwater's browser script: keeps the click id of a visit in a first-party cookie, and tells clicks
// that came with a link key (?via=) instead of through a redirect.
// Attributes: data-api-host, data-domains, data-attribution-model, data-cookie-options,
// data-query-param(s). window.dubAnalytics queues calls made before this file arrives.
(function () {
  var script = document.currentScript;
  var attribute = function (name) { return script && script.getAttribute('data-' + name); };
  var parsed = function (name, fallback) {
    try { return JSON.parse(attribute(name)) || fallback; } catch (e) { return fallback; }
  };

  var host = attribute('api-host') || (script ? new URL(script.src).origin : location.origin);
  if (host.indexOf('://') < 0) host = 'https://' + host;
  var domains = parsed('domains', {});
  var refer = domains.refer || attribute('short-domain');
  var firstClick = attribute('attribution-model') === 'first-click';
  var names = parsed('query-params', []).concat(attribute('query-param') || [], 'via');
  var options = parsed('cookie-options', {});
  var query = new URLSearchParams(location.search);
  var told = false;

  function readCookie(name) {
    var found = ('; ' + document.cookie).split('; ' + name + '=')[1];
    return found === undefined ? null : decodeURIComponent(found.split(';')[0]);
  }

  function cookieDomain() {
    var name = location.hostname;
    if (options.domain) return options.domain;
    // No domain attribute for hosts that have no parent: localhost and addresses.
    if (name === 'localhost' || /^[\d.]+$/.test(name) || name.indexOf(':') >= 0) return null;
    return '.' + name.replace(/^www\./, '');
  }

  function writeCookie(name, value) {
    var days = options.expiresInDays || 90;
    var text = name + '=' + encodeURIComponent(value) + '; path=' + (options.path || '/') +
      '; max-age=' + days * 86400 + '; samesite=' + (options.sameSite || 'Lax');
    if (cookieDomain()) text += '; domain=' + cookieDomain();
    if (options.secure) text += '; secure';
    document.cookie = text;
  }

  function keep(clickId) {
    if (firstClick && readCookie('dub_id')) return;
    writeCookie('dub_id', clickId);
  }

  function trackClick(click) {
    return fetch(host + '/track/click', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        domain: click.domain || refer,
        key: click.key,
        url: location.href,
        referrer: document.referrer
      })
    }).then(function (answer) {
      return answer.ok ? answer.json() : null;
    }).then(function (data) {
      if (!data || (query.get('dub_id') && query.get('dub_id') !== data.clickId)) return;
      keep(data.clickId);
      if (data.partner) writeCookie('dub_partner_data', JSON.stringify(data));
    }).catch(function () {});
  }

  function onLoad() {
    if (query.get('dub_id')) keep(query.get('dub_id'));
    var name = names.find(function (n) { return query.get(n); });
    if (!name || !refer || told) return;
    if (firstClick && readCookie('dub_id')) return;
    told = true;
    trackClick({ key: query.get(name) });
  }

  var api = {
    ready: function (callback) { callback(); },
    trackClick: trackClick
  };
  var queue = (window.dubAnalytics && window.dubAnalytics.q) || [];
  window.dubAnalytics = function (method) {
    return api[method] && api[method].apply(null, [].slice.call(arguments, 1));
  };
  window.dubAnalytics.trackClick = trackClick;
  onLoad();
  queue.forEach(function (call) { window.dubAnalytics.apply(null, [].slice.call(call)); });
})();
