"""The newest upload, from which the next edit starts, is a good build again after a drill."""

from __future__ import annotations

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.wrangler import Wrangler
from backstop.model.errors import BackstopError, CouldNotLook, Unrestored
from backstop.model.version import VersionId
from backstop.rollback.marker import Mark, Part, mark_of, marked


def renew(api: CloudflareApi, wrangler: Wrangler, run: str, good: VersionId) -> str:
    """Upload a good build where the newest upload is of this drill; in words what was done, or nothing.

    Raises Unrestored when the newest upload still is the drill's.
    """
    worker = wrangler.worker
    try:
        mark = mark_of(api.versions(worker)[0].message)
        if mark is None or mark.run != run:
            return ""
        return _upload_good(api, wrangler, run, good)
    except BackstopError as error:
        message = f"the newest upload of {worker} is still a fault: {error.message}"
        raise Unrestored(message, remedy="upload a good build: wrangler versions upload") from error


def _upload_good(api: CloudflareApi, wrangler: Wrangler, run: str, good: VersionId) -> str:
    message = marked("drill: a good build again", Mark(run, Part.DRILL))
    uploaded = wrangler.versions_upload(message=message, tag="good").version_id
    newest = api.versions(wrangler.worker)[0].id
    if newest != uploaded:
        message = f"{uploaded} was uploaded, but the newest is {newest}"
        raise CouldNotLook(message)
    etags = {api.version(wrangler.worker, each).etag for each in (uploaded, good)}
    same = "the same code as" if len(etags) == 1 else "built from sources that differ from"
    return f"the newest upload is {uploaded} again, {same} what serves"
