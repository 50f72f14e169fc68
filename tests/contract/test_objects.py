"""Durable Objects in the sandbox: their state, their migrations, and what no version goes back over."""

from __future__ import annotations

from pathlib import Path

from tests.contract.bound import CODE, COUNTER, MIGRATION, objects, objects_form, write_bound
from tests.contract.support import Sandbox, Wrangler, code_of


def test_durable_objects_keep_their_state_from_version_to_version(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """Over a deploy, a rollback and a change of secrets; the migration is applied once and shown."""
    write_bound(project, worker, objects())
    wrangler("deploy")
    counts = [sandbox.ask(worker, "/count").json()]
    wrangler("secret", "put", "KEY", stdin="secret")
    first = sandbox.serving(worker)
    counts.append(sandbox.ask(worker, "/count").json())
    write_bound(project, worker, objects(), code=CODE.replace("VERSION", "two"))
    wrangler("deploy")
    counts.append(sandbox.ask(worker, "/count").json())
    wrangler("rollback", first, "--message", "back", "--yes")
    counts.append(sandbox.ask(worker, "/count").json())

    version = sandbox.result("GET", f"{sandbox.script(worker)}/versions/{first}")
    (namespace,) = [
        each
        for each in sandbox.result("GET", "workers/durable_objects/namespaces")
        if each["script"] == worker
    ]
    assert [1, 2, 3, 4] == counts
    assert "v1" == version["resources"]["script_runtime"]["migration_tag"]
    assert ("Counter", True) == (namespace["class"], namespace["use_sqlite"])
    binding = next(each for each in version["resources"]["bindings"] if each["name"] == "COUNTER")
    assert ("Counter", namespace["id"]) == (binding["class_name"], binding["namespace_id"])


def test_versions_side_by_side_do_not_share_objects(sandbox: Sandbox, worker: str) -> None:
    """The one with the larger part keeps the state; the other begins anew and disturbs nothing."""
    form = objects_form("one", {"new_tag": "v1", "steps": [{"new_sqlite_classes": ["Counter"]}]})
    sandbox.result("PUT", sandbox.script(worker), files=form)
    one = sandbox.serving(worker)
    two = sandbox.result("POST", f"{sandbox.script(worker)}/versions", files=objects_form("two"))["id"]
    counts = [_count(sandbox, worker, one)]
    assert 200 == sandbox.deploy(worker, {one: 90, two: 10}).status_code
    counts += [_count(sandbox, worker, two), _count(sandbox, worker, one)]
    assert 200 == sandbox.deploy(worker, {two: 100}).status_code
    counts += [_count(sandbox, worker, two)]

    assert [1, 1, 2, 3] == counts


def _count(sandbox: Sandbox, worker: str, version: str) -> int:
    headers = {"Cloudflare-Workers-Version-Overrides": f'{worker}="{version}"'}
    return int(sandbox.ask(worker, "/count", headers=headers).json())


def test_nothing_goes_back_over_a_migration(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """Neither real wrangler nor a plain call; what serves stays."""
    before = sandbox.put(worker)
    write_bound(project, worker, objects())
    wrangler("deploy")
    serving = sandbox.serving(worker)

    refused = wrangler.attempt("rollback", before, "--message", "back", "--yes")

    assert 1 == refused.code
    assert "migration" in refused.stdout + refused.stderr
    assert (400, 990409) == code_of(sandbox.deploy(worker, {before: 100}, "?force=true"))
    assert {serving: 100} == sandbox.live(worker)


def test_a_version_is_not_uploaded_with_a_migration(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """Only once it is applied: then `versions upload` works as ever."""
    sandbox.put(worker)
    write_bound(project, worker, objects())

    refused = wrangler.attempt("versions", "upload")
    wrangler("deploy")
    wrangler("versions", "upload")

    assert 1 == refused.code
    assert "migration" in refused.stdout + refused.stderr
    assert 3 == len(sandbox.result("GET", f"{sandbox.script(worker)}/versions")["items"])


def test_classes_are_renamed_and_deleted_by_migrations(
    wrangler: Wrangler, sandbox: Sandbox, worker: str, project: Path
) -> None:
    """A renamed class has the state of the old one; a deleted and new one has none."""
    write_bound(project, worker, objects())
    wrangler("deploy")
    counts = [sandbox.ask(worker, "/count").json()]
    renamed = '[[migrations]]\ntag = "v2"\nrenamed_classes = [{ from = "Counter", to = "Other" }]\n'
    other = CODE.replace("class Counter", "class Other")
    bound = objects(MIGRATION, renamed).replace('class_name = "Counter"', 'class_name = "Other"')
    write_bound(project, worker, bound, code=other)
    wrangler("deploy")
    counts.append(sandbox.ask(worker, "/count").json())
    again = '[[migrations]]\ntag = "v3"\ndeleted_classes = ["Other"]\nnew_sqlite_classes = ["Counter"]\n'
    write_bound(project, worker, objects(MIGRATION, renamed, again))
    wrangler("deploy")
    counts.append(sandbox.ask(worker, "/count").json())

    assert [1, 2, 1] == counts


def test_a_class_that_no_migration_made_is_refused(wrangler: Wrangler, worker: str, project: Path) -> None:
    """With Cloudflare's own code."""
    write_bound(project, worker, COUNTER)

    refused = wrangler.attempt("deploy")

    assert 1 == refused.code
    assert "10061" in refused.stderr
