"""Static assets: real wrangler uploads them, and they are served before, after or beside the worker."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.contract.support import Sandbox, Wrangler, code_of, upload_form

CODE = """export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/asset/")) return env.ASSETS.fetch(new URL(pathname.slice(6), request.url));
    return new Response(`worker VERSION ${pathname}`);
  },
};
"""


def write_site(project: Path, worker: str, more: str = "", *, code: str = CODE, **files: str) -> None:
    """A project with a worker and these pages."""
    assets = f'[assets]\ndirectory = "./site"\nbinding = "ASSETS"\n{more}'
    (project / "wrangler.toml").write_text(
        f'name = "{worker}"\nmain = "index.js"\ncompatibility_date = "2026-01-01"\n{assets}'
    )
    (project / "index.js").write_text(code)
    site = project / "site"
    site.mkdir(exist_ok=True)
    (site / "docs").mkdir(exist_ok=True)
    pages = {"index.html": "home", "about.html": "about", "docs/index.html": "docs", "a b.txt": "spaced"}
    for name, text in {**pages, **files}.items():
        (site / name).write_text(text)


def told(answer: httpx.Response) -> tuple[int, str]:
    """Status and text, or where it leads."""
    return answer.status_code, answer.headers.get("Location", answer.text)


def test_assets_are_served_before_the_worker(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """Pages by their short paths, files as they are, and the worker where there is neither."""
    write_site(project, worker)

    wrangler("deploy")

    expected = {
        "/": (200, "home"),
        "/about": (200, "about"),
        "/about.html?x=1": (307, "/about?x=1"),
        "/docs": (307, "/docs/"),
        "/docs/": (200, "docs"),
        "/a%20b.txt": (200, "spaced"),
        "/none": (200, "worker VERSION /none"),
        "/asset/about": (200, "about"),
        "/asset/none": (404, ""),
    }
    assert expected == {path: told(sandbox.ask(worker, path)) for path in expected}
    page = sandbox.ask(worker, "/about")
    assert "text/html" in page.headers["Content-Type"]
    assert 304 == sandbox.ask(worker, "/about", headers={"If-None-Match": page.headers["ETag"]}).status_code
    bindings = sandbox.result("GET", f"{sandbox.script(worker)}/settings")["bindings"]
    assert {"name": "ASSETS", "type": "assets"} in bindings


def test_assets_belong_to_their_version(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """A rollback brings the old ones back, and a change of secrets keeps them."""
    write_site(project, worker)
    wrangler("deploy")
    first = sandbox.serving(worker)
    write_site(project, worker, **{"about.html": "about more"})
    wrangler("deploy")
    wrangler("secret", "put", "KEY", stdin="secret")
    seen = [sandbox.ask(worker, "/about").text]
    wrangler("rollback", first, "--message", "back", "--yes")
    seen.append(sandbox.ask(worker, "/about").text)

    assert ["about more", "about"] == seen


def test_assets_are_served_as_configured(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """Who comes first, how paths lead to pages, and what answers where there is none."""
    first = 'run_worker_first = ["/docs/*", "!/docs/open"]\nnot_found_handling = "404-page"\n'
    write_site(project, worker, f'{first}html_handling = "drop-trailing-slash"\n', **{"404.html": "lost"})

    wrangler("deploy")

    expected = {
        "/docs/": (200, "worker VERSION /docs/"),
        "/docs/open": (404, "lost"),
        "/docs": (200, "docs"),
        "/about/": (307, "/about"),
    }
    assert expected == {path: told(sandbox.ask(worker, path)) for path in expected}


def test_a_navigation_gets_the_fallback(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """A browser that goes to a page of the application is not sent to the worker; everything else is."""
    write_site(project, worker, 'not_found_handling = "single-page-application"\n')

    wrangler("deploy")

    assert "home" == sandbox.ask(worker, "/deep", headers={"Sec-Fetch-Mode": "navigate"}).text
    assert "worker VERSION /deep" == sandbox.ask(worker, "/deep").text


def test_what_is_not_served_of_assets_is_refused(wrangler: Wrangler, worker: str, project: Path) -> None:
    """Rules for redirects are not dropped in silence."""
    write_site(project, worker, _redirects="/old /new 301\n")

    refused = wrangler.attempt("deploy")

    assert 1 == refused.code
    assert "can't serve _redirects of static assets" in refused.stderr


def test_assets_that_nobody_uploaded_are_refused(sandbox: Sandbox, worker: str) -> None:
    """Neither a version nor an upload with a token of one's own."""
    made = sandbox.api("PUT", sandbox.script(worker), files=upload_form("x", assets={"jwt": "made up"}))
    form = {"0" * 32: ("0" * 32, "YQ==", "text/plain")}
    sent = sandbox.api("POST", "workers/assets/upload?base64=true", files=form)

    assert (401, 10000) == code_of(made)
    assert (401, 10000) == code_of(sent)
