"""Every page is bound to its own site by a policy, and does all it should under it."""

import pytest

from .test_site import each_page

ELSEWHERE = "https://example.org"
ATTEMPTS = {
    "img-src": "new Image().src = '{}/x.png'",
    "connect-src": "fetch('{}/x').catch(() => 0)",
    "script-src-elem": "import('{}/x.js').catch(() => 0)",
    "frame-src": "document.body.append(Object.assign(document.createElement('iframe'), {{src: '{}'}}))",
    "object-src": "document.body.append(Object.assign(document.createElement('embed'), {{src: '{}/x'}}))",
    "base-uri": "document.head.append(Object.assign(document.createElement('base'), {{href: '{}'}}))",
}


@each_page
def test_a_page_refuses_what_is_not_its_own(visit, name):
    seen = visit(name)
    seen.context.route(f"{ELSEWHERE}/**", lambda route: route.fulfill(body="answered"))
    refused = seen.page.evaluate(
        """async attempts => {
            const refused = {};
            addEventListener('securitypolicyviolation', event => (refused[event.effectiveDirective] = event.blockedURI));
            for (const attempt of attempts) {
                const script = document.createElement('script');
                script.textContent = attempt; // not among those that the page allows
                document.head.append(script);
            }
            await new Promise(resolve => setTimeout(resolve, 300));
            return refused;
        }""",
        ["window.ran = true"],
    )
    assert refused == {"script-src-elem": "inline"}
    assert seen.page.evaluate("window.ran") is None


@pytest.mark.parametrize("rule", ATTEMPTS)
def test_each_way_out_is_refused_by_its_rule(visit, rule):
    seen = visit("intro.html")
    seen.context.route(f"{ELSEWHERE}/**", lambda route: route.fulfill(body="answered"))
    refused = seen.page.evaluate(
        f"""async () => {{
            const refused = [];
            addEventListener('securitypolicyviolation', event => refused.push(event.effectiveDirective));
            {ATTEMPTS[rule].format(ELSEWHERE)};
            await new Promise(resolve => setTimeout(resolve, 300));
            return refused;
        }}"""
    )
    assert rule in refused
    assert not [a.url for a in seen.answers if a.url.startswith(ELSEWHERE)]


def test_search_and_the_theme_switch_work_under_the_policy(visit):
    seen = visit("search.html?q=penguins")
    seen.page.wait_for_selector("#search-results a[href*=classification]")
    before = seen.page.evaluate("document.documentElement.dataset.mode")
    seen.page.locator(".theme-switch-button").first.click()
    assert seen.page.evaluate("document.documentElement.dataset.mode") != before
    assert seen.errors == []
    assert seen.requests_elsewhere() == []
