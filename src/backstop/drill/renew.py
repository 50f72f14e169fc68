"""The newest upload, from which the next edit starts, is a good build again after a drill."""

from __future__ import annotations

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.wrangler import Wrangler
from backstop.model.errors import BackstopError, CouldNotLook, Unrestored
from backstop.model.target import Target
from backstop.model.version import VersionId
from backstop.rollback.marker import Mark, Part, marked
from backstop.rollback.remains import GOOD_AGAIN, faulty_upload

_REMEDY = "upload a good build: wrangler versions upload"


def renew(api: CloudflareApi, wrangler: Wrangler | None, worker: str, run: str, good: VersionId) -> str:
    """Upload a good build where the newest upload is a drill's fault; in words what was done, or nothing.

    Raises Unrestored when the newest upload still is a drill's, also where nothing here can build another.
    """
    try:
        if faulty_upload(api.versions(worker)) is None:
            return ""
        if wrangler is None:
            message = "there is no wrangler here to upload a good one with"
            raise CouldNotLook(message)
        return _upload_good(api, wrangler, run, good)
    except BackstopError as error:
        message = f"the newest upload of {worker} is still a fault: {error.message}"
        raise Unrestored(message, remedy=_REMEDY) from error


def refuse_faulty_upload(api: CloudflareApi, target: Target) -> None:
    """Raise Unrestored where the newest upload is a drill's fault that nobody renews: it is named, at least.

    Somebody else's version serves then, and a build of this checkout above theirs may be older than it.
    """
    left = faulty_upload(api.versions(target.worker))
    if left is None:
        return
    message = f"the newest upload of {target.worker} is a fault of the drill: {left.label}"
    remedy = (
        "whoever edits the worker next starts from it; once it is agreed what serves: "
        f"pytest -m post_rollback --target {target.name} --restore"
    )
    raise Unrestored(message, remedy=remedy)


def _upload_good(api: CloudflareApi, wrangler: Wrangler, run: str, good: VersionId) -> str:
    message = marked(GOOD_AGAIN, Mark(run, Part.DRILL))
    uploaded = wrangler.versions_upload(message=message, tag="good").version_id
    newest = api.versions(wrangler.worker)[0].id
    if newest != uploaded:
        message = f"{uploaded} was uploaded, but the newest is {newest}"
        raise CouldNotLook(message)
    etags = {api.version(wrangler.worker, each).etag for each in (uploaded, good)}
    same = "the same code as" if len(etags) == 1 else "built from sources that differ from"
    return f"the newest upload is {uploaded} again, {same} what serves"
