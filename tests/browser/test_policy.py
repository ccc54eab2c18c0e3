"""The policy that binds every page to its own site, and what works under it."""

import pytest

ELSEWHERE = "https://example.org"
ATTEMPTS = {  # the rule that refuses it: a way out of the site
    "img-src": "new Image().src = address",
    "connect-src": "fetch(address).catch(() => 0)",
    "script-src-elem": "import(address).catch(() => 0)",
    "frame-src": "add('iframe', 'src')",
    "object-src": "add('embed', 'src')",
    "base-uri": "add('base', 'href')",
}
LISTEN = """async () => {{
    const refused = [], address = "{address}/x";
    const add = (tag, name) => document.body.append(
        Object.assign(document.createElement(tag), {{ [name]: address }}));
    addEventListener("securitypolicyviolation",
        ({{ effectiveDirective }}) => refused.push(effectiveDirective));
    {attempt};
    await new Promise(resolve => setTimeout(resolve, 300));
    return refused;
}}"""


@pytest.fixture
def refused(visit):
    """refused(page, attempt): the rules of its policy by which a page refuses what a script does.
    The other host would answer: what fails is refused, not missing."""

    def tell(page, attempt):
        seen = visit(page)
        seen.context.route(f"{ELSEWHERE}/**", lambda route: route.fulfill(body="answered"))
        rules = seen.page.evaluate(LISTEN.format(address=ELSEWHERE, attempt=attempt))
        assert not [a.url for a in seen.answers if a.url.startswith(ELSEWHERE)]
        return rules

    return tell


@pytest.mark.parametrize("rule", ATTEMPTS)
def test_each_way_out_is_refused_by_its_rule(refused, rule):
    assert rule in refused("intro.html", ATTEMPTS[rule])


def test_search_and_the_theme_switch_work_under_the_policy(visit):
    seen = visit("search.html?q=penguins")
    seen.page.wait_for_selector("#search-results a[href*=classification]")
    before = seen.page.evaluate("document.documentElement.dataset.mode")
    seen.page.locator(".theme-switch-button").first.click()
    assert seen.page.evaluate("document.documentElement.dataset.mode") != before
    assert seen.errors == []
    assert seen.requests_elsewhere() == []
