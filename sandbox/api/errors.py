"""The errors of the API, with the HTTP status and the code that Cloudflare gives them.

Codes that wrangler or the public documentation names are Cloudflare's own. Where none is known (marked
"ours") the number lies outside of Cloudflare's ranges, so that nobody mistakes it for knowledge.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Code(IntEnum):
    """The ``code`` of an entry of ``errors``."""

    NO_SUCH_TOKEN = 1000
    NOT_FOR_ACCOUNT_TOKENS = 1001
    NO_ROUTE = 7000
    NO_SUCH_DATABASE = 7404
    INVALID_TOKEN = 9109
    AUTHENTICATION = 10000
    BAD_REQUEST = 10001
    NO_SUCH_BUCKET = 10006
    NO_SUCH_WORKER = 10007
    NO_SUCH_NAMESPACE = 10013  # as wrangler's users report it
    INVALID_WORKER_NAME = 10016
    VALIDATION = 10021
    NO_SUCH_SECRET = 10056
    INVALID_INHERIT = 10057
    NO_HANDLERS = 10068
    NO_SUCH_SERVICE = 10090
    OBJECT_CLASS = 10061
    MIGRATION_TAG = 10079
    NO_SUCH_BOUND_SERVICE = 10143
    NO_SUCH_WORKFLOW = 10200
    MIGRATION_IN_VERSION = 10211
    LATEST_NOT_DEPLOYED = 10215
    SECRETS_CHANGED = 10220
    NO_SUCH_VERSION = 100146
    NO_SUCH_DEPLOYMENT = 990404  # ours
    INVALID_DEPLOYMENT = 990400  # ours
    MIGRATION_BETWEEN = 990409  # ours
    INVALID_SEED = 990422  # ours
    TOO_MANY_TAILS = 990429  # ours
    TIMED_OUT = 990504  # ours: what a hung request ends with
    CANNOT_SERVE = 990501  # ours: a thing that Cloudflare serves and the sandbox does not


class ApiError(Exception):
    """Raised when a request must be answered with an error envelope."""

    def __init__(self, status: int, code: Code, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def authentication_failed() -> ApiError:
    """No token, or one that nobody issued."""
    return ApiError(401, Code.AUTHENTICATION, "Authentication error")


def invalid_token() -> ApiError:
    """A token that nobody issued, at the endpoints about the user."""
    return ApiError(403, Code.INVALID_TOKEN, "Invalid access token")


def no_such_token() -> ApiError:
    """What is no API token, at the endpoints that verify them; also what `wrangler login` was given."""
    return ApiError(401, Code.NO_SUCH_TOKEN, "Invalid API Token")


def not_for_account_tokens() -> ApiError:
    """An account's own token, where accounts are listed."""
    message = "List accounts endpoint does not support account owned tokens."
    return ApiError(400, Code.NOT_FOR_ACCOUNT_TOKENS, message)


def not_permitted() -> ApiError:
    """A token without the permission, or an account that is not the token's."""
    return ApiError(403, Code.AUTHENTICATION, "Authentication error")


def bad_request(message: str) -> ApiError:
    """A request that does not have the form of one."""
    return ApiError(400, Code.BAD_REQUEST, message)


def no_such_worker() -> ApiError:
    """A worker name that was never deployed."""
    return ApiError(404, Code.NO_SUCH_WORKER, "This Worker does not exist on your account.")


def no_such_service() -> ApiError:
    """The same, at the endpoints that call a worker a service."""
    return ApiError(404, Code.NO_SUCH_SERVICE, "This Worker does not exist on your account.")


def invalid_worker_name(name: str) -> ApiError:
    """A name that no worker can have."""
    wanted = "Worker names can only contain lower-case letters, numbers, underscores and dashes, 63 at most"
    return ApiError(400, Code.INVALID_WORKER_NAME, f"{wanted}; found {name!r}.")


def no_such_version(version_id: str) -> ApiError:
    """A version id that this worker does not have."""
    return ApiError(404, Code.NO_SUCH_VERSION, f"Version {version_id} could not be found for this Worker.")


def not_deployable(version_id: str, newest: int) -> ApiError:
    """A version that is too old to be deployed again."""
    message = f"Version {version_id} is not among the {newest} newest versions and can't be deployed."
    return ApiError(400, Code.INVALID_DEPLOYMENT, message)


def no_such_deployment(deployment_id: str) -> ApiError:
    """A deployment id that this worker does not have."""
    return ApiError(404, Code.NO_SUCH_DEPLOYMENT, f"Deployment {deployment_id} could not be found.")


def invalid_deployment(message: str) -> ApiError:
    """Shares of traffic that can't be."""
    return ApiError(400, Code.INVALID_DEPLOYMENT, message)


def startup_failed(message: str) -> ApiError:
    """Code that does not parse or throws at start-up; ``message`` is the runtime's."""
    return ApiError(400, Code.VALIDATION, message)


def no_handlers() -> ApiError:
    """Code that handles no event at all."""
    return ApiError(400, Code.NO_HANDLERS, "The uploaded script has no registered event handlers.")


def invalid_inherit(name: str) -> ApiError:
    """An ``inherit`` binding of something that the latest version does not have."""
    message = f"Inherited binding {name!r} does not exist on the latest version of the Worker."
    return ApiError(400, Code.INVALID_INHERIT, message)


def no_such_secret(name: str) -> ApiError:
    """A secret that the latest version does not have."""
    return ApiError(404, Code.NO_SUCH_SECRET, f"Binding {name!r} not found.")


def latest_not_deployed() -> ApiError:
    """A change of secrets while something else than the latest version serves."""
    message = "Secret edit failed: the latest version of this Worker isn't currently deployed."
    return ApiError(400, Code.LATEST_NOT_DEPLOYED, message)


def secrets_changed(names: Iterable[str]) -> ApiError:
    """A rollback across changed secrets; wrangler reads the names out of this very wording."""
    message = (
        "A secret has changed since this version was active. If you are sure this is ok, add a ?force=true "
        "query parameter to allow the rollback. "
        f"The following secrets have changed: {', '.join(sorted(names))}"
    )
    return ApiError(400, Code.SECRETS_CHANGED, message)


def no_such_namespace() -> ApiError:
    """A KV namespace that does not exist."""
    return ApiError(404, Code.NO_SUCH_NAMESPACE, "namespace not found")


def no_such_bucket() -> ApiError:
    """An R2 bucket that does not exist."""
    return ApiError(404, Code.NO_SUCH_BUCKET, "The specified bucket does not exist.")


def no_such_database(database: str) -> ApiError:
    """A D1 database that does not exist."""
    return ApiError(404, Code.NO_SUCH_DATABASE, f"The database {database} could not be found")


def no_such_workflow(name: str) -> ApiError:
    """A workflow that does not exist."""
    return ApiError(404, Code.NO_SUCH_WORKFLOW, f"workflow.not_found: {name}")


def no_such_upload() -> ApiError:
    """A token of an upload of static assets that nobody issued."""
    return ApiError(401, Code.AUTHENTICATION, "The upload of static assets is not known, or is over")


def too_many_tails(most: int) -> ApiError:
    """One tail more than a worker may have."""
    return ApiError(429, Code.TOO_MANY_TAILS, f"This Worker already has {most} tails, which is the limit.")


def cannot_serve(things: Iterable[str], stubs: Iterable[str] = ()) -> ApiError:
    """What Cloudflare would accept and the sandbox can't run.

    ``stubs`` are the names of all bindings that a line in the targets file would have to name.
    """
    message = f"The sandbox can't serve {', '.join(things)}"
    names = ", ".join(f'"{name}"' for name in sorted(set(stubs)))
    line = f" → stub = [{names}]" if names else ""
    return ApiError(400, Code.CANNOT_SERVE, f"{message}{line}. Nothing was uploaded.")


def migration_in_version() -> ApiError:
    """A version that is uploaded, not deployed, with a migration of Durable Objects."""
    message = (
        "Version upload failed. You attempted to upload a version of a Worker that includes a Durable Object "
        "migration, but migrations must be fully applied via a non-versioned deployment."
    )
    return ApiError(400, Code.MIGRATION_IN_VERSION, message)


def migration_between(version_id: str) -> ApiError:
    """A deployment of a version from before a migration."""
    message = f"Version {version_id} can't be deployed: a Durable Object migration was applied after it."
    return ApiError(400, Code.MIGRATION_BETWEEN, message)


def not_configured_for_objects(name: str) -> ApiError:
    """A binding to a class that no migration made one of Durable Objects."""
    message = (
        f"Cannot create binding for class '{name}' because it is not currently configured to implement "
        "Durable Objects. Ensure a --new-class migration has been applied to it."
    )
    return ApiError(400, Code.OBJECT_CLASS, message)


def invalid_migration(kind: str, name: str, why: str) -> ApiError:
    """A step of a migration that does not fit the classes that there are."""
    return ApiError(400, Code.OBJECT_CLASS, f"Cannot apply --{kind} migration to class '{name}': {why}.")


def wrong_migration_tag(current: str) -> ApiError:
    """A migration that starts from another tag than the worker has."""
    message = f"Migration tag precondition failed; current tag is {current or 'empty'}"
    return ApiError(412, Code.MIGRATION_TAG, message)


def no_such_bound_service(binding: str, service: str) -> ApiError:
    """A service binding to a worker that does not exist."""
    message = f"Service binding '{binding}' references Worker '{service}' which was not found."
    return ApiError(400, Code.NO_SUCH_BOUND_SERVICE, message)


def invalid_seed(binding: str, why: str) -> ApiError:
    """Values with which a KV namespace was to begin and that it does not take."""
    return ApiError(400, Code.INVALID_SEED, f"The values of the KV binding {binding} can't be written: {why}")


def unknown_endpoint(method: str, path: str) -> ApiError:
    """A request for which the double has no answer."""
    return ApiError(501, Code.NO_ROUTE, f"No route for {method} {path}: the sandbox has no such endpoint.")


def timed_out() -> ApiError:
    """What a request that was made to hang ends with."""
    return ApiError(504, Code.TIMED_OUT, "The request took too long.")
